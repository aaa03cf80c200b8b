import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';
import { watchWebClient } from './web-client.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export const dev: Command = {
  help: 'Start the Beseda server; start it and build its web client again whenever their code changes: npm run dev',

  async run({ asked, tell }) {
    const stopWatching = watchWebClient(tell);
    const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', MAIN, 'start'], { stdio: 'inherit' });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    void asked.then(() => child.kill('SIGTERM'));
    await ended;
    stopWatching();
  },
};
