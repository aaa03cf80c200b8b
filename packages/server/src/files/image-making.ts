import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ImageRefusal, ReadyImage } from './images.ts';

/** Makes images ready, one at a time, in a process of its own. */
export interface ImageMaking {
  /** @param path a file of this machine. */
  make(path: string): Promise<ReadyImage | ImageRefusal>;
  stop(): void;
}

/** After which the process is ended with what it does, in milliseconds. */
const PATIENCE_MS = 60_000;

/** How long the process stays when nothing is to be done, in milliseconds. */
const IDLE_MS = 60_000;

export function createImageMaking(): ImageMaking {
  let worker: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    clearTimeout(idle);
    worker?.kill('SIGKILL');
    worker = undefined;
  }

  function begin(): ChildProcess {
    const started = fork(fileURLToPath(new URL('image-worker.ts', import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // It decodes what strangers send: no secret of the server is in its reach.
      env: {},
      execArgv: [],
    });
    started.on('exit', () => {
      if (worker === started) worker = undefined;
    });
    return started;
  }

  /** What ends the process, ends as an image that cannot be read. */
  async function ask(path: string): Promise<ReadyImage | ImageRefusal> {
    clearTimeout(idle);
    const asked = (worker ??= begin());
    asked.ref();
    asked.channel?.ref();
    const answer = await new Promise<ReadyImage | ImageRefusal>((resolve) => {
      const impatience = setTimeout(() => {
        resolve('too large');
        asked.kill('SIGKILL');
      }, PATIENCE_MS);
      const settle = (made: ReadyImage | ImageRefusal): void => {
        clearTimeout(impatience);
        asked.removeAllListeners('message').removeListener('exit', broken).removeListener('error', broken);
        resolve(made);
      };
      const broken = (): void => settle('unreadable');
      asked.on('message', (made) => settle(made as ReadyImage | ImageRefusal));
      asked.once('exit', broken).once('error', broken);
      asked.send(path, (error) => {
        if (error !== null) broken();
      });
    });
    asked.unref();
    asked.channel?.unref();
    idle = setTimeout(end, IDLE_MS).unref();
    return answer;
  }

  return {
    async make(path) {
      const made = last.then(async () => ask(path));
      last = made.catch(() => undefined);
      return made;
    },
    stop: end,
  };
}
