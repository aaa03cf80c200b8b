import { createInterface } from 'node:readline';
import { openIn } from './embedded/open.ts';
import type { Surroundings } from './embedded/open.ts';
import type { EmbeddedOptions, EmbeddedPostgres } from './embedded/contract.ts';

/** What a test hands to the holder, as JSON in its only argument. */
export interface HolderOrder {
  surroundings: Surroundings;
  options: Omit<EmbeddedOptions, 'tell'>;
}

/** The lines the holder prints, as JSON. */
export type HolderLine =
  | { told: string }
  | {
      ready: true;
      connection: EmbeddedPostgres['connection'];
      owned: boolean;
    }
  | { failed: string; name: string }
  | { signal: string }
  | { stopped: true };

function say(line: HolderLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Opens the embedded database, says so, and stays until it is told to stop, by a line or by SIGTERM. */
async function hold(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '') as HolderOrder;
  try {
    const embedded = await openIn(order.surroundings, { ...order.options, tell: (told) => say({ told }) });
    const leave = async (): Promise<void> => {
      await embedded.stop();
      say({ stopped: true });
      process.exit(0);
    };
    process.on('SIGTERM', () => void leave());
    // Like a server that first finishes what it has begun.
    process.on('SIGINT', () => say({ signal: 'SIGINT' }));
    const input = createInterface({ input: process.stdin });
    input.on('line', (line) => {
      if (line === 'stop') void leave();
      else void embedded.announce(line);
    });
    say({ ready: true, connection: embedded.connection, owned: embedded.owned });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ failed: message, name });
    process.exit(1);
  }
}

await hold();
