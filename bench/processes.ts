import { readdirSync, readFileSync } from 'node:fs';

/** Parts of the work, each with the ids of its processes, e.g. `{ server: [12], PostgreSQL: [13, 14] }`. */
export type Parts = Readonly<Record<string, readonly number[]>>;

/** What was used up to a moment; two of them tell what was used between. */
export interface Usage {
  /** Seconds of processor time by part, what ended children used included. */
  cpu: Record<string, number>;
  /** Seconds of processor time of the whole machine. */
  busy: number;
  /** Seconds that the hypervisor gave to other machines. */
  stolen: number;
}

/** Ticks of /proc in a second (proc(5)): 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Reads what the parts have used. Undefined where there is no /proc: it is Linux only. */
export function readUsage(parts: Parts): Usage | undefined {
  const machine = readText('/proc/stat');
  if (machine === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = (
    machine.split('\n', 1)[0] ?? ''
  )
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const cpu = Object.fromEntries(
    Object.entries(parts).map(([part, pids]) => [part, pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS]),
  );
  return { cpu, busy: (user + nice + system + interrupts + softInterrupts) / TICKS, stolen: stolen / TICKS };
}

/** The processes that one has started, and those that they have. None where there is no /proc. */
export function descendants(pid: number): number[] {
  const children = Map.groupBy(processIds(), (id) => parentOf(id));
  const found: number[] = [];
  const look = (parent: number): void => {
    for (const id of children.get(parent) ?? []) {
      found.push(id);
      look(id);
    }
  };
  look(pid);
  return found;
}

/** KiB that the processes take: proportional set size, which counts shared pages once over all of them. */
export function memoryOf(pids: readonly number[]): number | undefined {
  const sizes = pids.map((pid) => /^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]);
  if (sizes.every((size) => size === undefined)) return undefined;
  return sizes.reduce((sum, size) => sum + Number(size ?? 0), 0);
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * Fields of /proc/<pid>/stat from the third on; the second, the name, may hold anything and ends at the last bracket.
 */
function statOf(pid: number): string[] {
  const stat = readText(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** utime, stime, cutime and cstime: fields 14 to 17 of proc(5). None for one that has ended. */
function ticksOf(pid: number): number {
  return statOf(pid)
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // No such process any more, or no Linux.
    return undefined;
  }
}
