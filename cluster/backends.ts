import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that connections may be given to, e.g. `http://127.0.0.1:40123`. */
export type Backend = string;

export interface Backends {
  /** A connection to the next server, by turns, of those that are ready; undefined where none takes one. */
  open: () => Promise<Socket | undefined>;
  /** Those that were ready when last asked. */
  ready(): Backend[];
  /** Asks all of them now. */
  check(): Promise<void>;
  close(): void;
}

/** How often each server is asked whether it is ready: what stops says so some time before it stops listening. */
const CHECK_MS = 500;

/** A server that does not answer within this is not ready. */
const ANSWER_MS = 2000;

/** How long a connection waits for a server to become ready before it is refused; starting takes about a second. */
const PATIENCE_MS = 3000;
const PATIENCE_STEP_MS = 50;

/**
 * Looks after the servers behind a proxy.
 *
 * @param list those there are at present; asked each time, as a server that starts again may have another address.
 */
export function watchBackends(list: () => readonly Backend[]): Backends {
  const unready = new Set<Backend>();
  let turn = 0;
  const over = new AbortController();

  async function check(): Promise<void> {
    await Promise.all(
      list().map(async (backend) => {
        if (await isReady(backend)) unready.delete(backend);
        else unready.add(backend);
      }),
    );
  }

  /** Those that were ready first; the others may be by now. */
  function inTurn(): Backend[] {
    const all = list();
    turn += 1;
    const turned = all.map((_, index) => all[(index + turn) % all.length]).filter((backend) => backend !== undefined);
    return [...turned.filter((backend) => !unready.has(backend)), ...turned.filter((backend) => unready.has(backend))];
  }

  async function openOne(): Promise<Socket | undefined> {
    for (const backend of inTurn()) {
      if (unready.has(backend) && !(await isReady(backend))) continue;
      const socket = await connectTo(backend);
      if (socket !== undefined) {
        unready.delete(backend);
        return socket;
      }
      unready.add(backend);
    }
    return undefined;
  }

  const timer = setInterval(() => void check(), CHECK_MS);
  timer.unref();
  return {
    async open() {
      for (let waited = 0; waited <= PATIENCE_MS && !over.signal.aborted; waited += PATIENCE_STEP_MS) {
        const socket = await openOne();
        if (socket !== undefined) return socket;
        await delay(PATIENCE_STEP_MS);
      }
      return undefined;
    },
    ready: () => list().filter((backend) => !unready.has(backend)),
    check,
    close() {
      over.abort();
      clearInterval(timer);
    },
  };
}

async function isReady(backend: Backend): Promise<boolean> {
  try {
    const answer = await fetch(`${backend}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function connectTo(backend: Backend): Promise<Socket | undefined> {
  const { hostname, port } = new URL(backend);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
