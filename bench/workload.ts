import type { Door } from './driver/socket.ts';
import type { Load } from './driver/load.ts';
import type { Core } from './pinned.ts';
import type { Parts } from './processes.ts';
import type { ServerOptions } from './server-process.ts';
import type { Target } from './driver/target.ts';

/** What a run is asked for. */
export interface Extent {
  /** Rounds of each measurement, after a warm-up. */
  rounds: number;
  /** Seconds of a round, and of the warm-up. */
  seconds: number;
  /** As little as shows that it works: a fraction of the users, messages and sockets. */
  quick: boolean;
  /** Through which of the two doors sockets come. */
  door: Door;
  /** How many messages the database of W9 holds, the fewest first. */
  growth: number[];
}

/** One round: what was measured, by name and unit, e.g. `{ 'delivered/s': 1000 }`. */
export interface Round {
  figures: Record<string, number>;
  /** What was wrong; any makes the round void. */
  faults: string[];
}

/** A line of the table. */
export interface Row {
  /** E.g. `W1 fan-out to 100 online`. */
  name: string;
  /** Figures that are told first; the others are columns (driver/measure.ts), or stand in the JSON alone. */
  headline: string[];
  rounds: Round[];
}

export interface Measured {
  /** The processes whose work it is; the driver's own is added. */
  parts: () => Parts;
  /** Of a round, where it is not what was asked for. */
  seconds?: number;
}

/** What a workload is given. It runs in a process of its own, the driver; all that it starts ends with it. */
export interface Context {
  extent: Extent;
  /** A server on a fresh database, on the server's processor. It is stopped with the workload, if not before. */
  startServer(options?: Omit<ServerOptions, 'port' | 'core' | 'folder'>): Promise<Target>;
  /**
   * Puts a load on, once for a warm-up and then for each round, and tells what the parts used for each operation.
   *
   * @param makeLoad makes the load of one round.
   */
  measure(row: Omit<Row, 'rounds'>, measured: Measured, makeLoad: () => Load): Promise<Row>;
  /** Where `startServer` keeps servers; undefined: anywhere. */
  serverCore: Core;
  /** A folder that goes with the run. */
  folder: string;
  /** Says what is done, while it is. */
  tell(step: string): void;
}

/** What is measured together, in one process and mostly on one server. See README.md. */
export interface Workload {
  /** What `--only` calls it. */
  name: string;
  title: string;
  run(context: Context): Promise<Row[]>;
}
