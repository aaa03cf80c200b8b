import { StartupError } from '@beseda/server/startup-error.ts';
import { findProgram } from './find-program.ts';

/**
 * The path of `nats-server`.
 *
 * @param path folders to look in, as in the environment variable PATH.
 * @param further more of them; those where systems keep servers by default.
 * @throws StartupError that says how to get it.
 */
export function requireNats(path: string, further?: readonly string[]): string {
  const program = findProgram('nats-server', path, further);
  if (program !== undefined) return program;
  throw new StartupError(
    'Several servers tell each other the news over NATS, and there is no nats-server on the PATH. To install it:\n' +
      '  Debian, Ubuntu: apt-get install nats-server     macOS: brew install nats-server\n' +
      '  or a single file from https://github.com/nats-io/nats-server/releases',
  );
}
