import type { Config } from '../config.ts';

/** What a command of the server gets from `main`. */
export interface Surroundings {
  config: Config;
  /** A calm line for the person at the terminal. */
  tell: (line: string) => void;
  /** Settles when the person or the system asks the command to end. */
  asked: Promise<void>;
}

/** One thing the server's program can do. */
export interface Command {
  /** What `--help` says, first line a summary. */
  help: string;
  run(surroundings: Surroundings): Promise<void>;
}
