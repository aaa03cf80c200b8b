import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections (Linux: 32768 and up), one of which could take it. */
const RANGE = { from: 15_000, to: 32_000 };

/**
 * A port of 127.0.0.1 that nobody listens at.
 *
 * @param random gives a number from 0 up to but not including 1.
 */
export async function freePort(random: () => number = Math.random): Promise<number> {
  for (;;) {
    const port = RANGE.from + Math.floor(random() * (RANGE.to - RANGE.from));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
