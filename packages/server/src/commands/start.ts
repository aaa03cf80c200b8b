import { hasTestData } from '../domain/test-data.ts';
import type { Command } from './command.ts';
import { serve } from './serve.ts';

export const start: Command = {
  help: `Start the Beseda server: npm start

It prepares the database where needed and serves the API, the sockets and the documentation until it is stopped
(Ctrl-C, SIGTERM). Settings come from the environment and from a .env file: see .env.example.`,

  async run(surroundings) {
    await serve(surroundings, async ({ db }) => {
      if (!surroundings.config.production && !(await hasTestData(db))) {
        surroundings.tell('For people and chats to try it with: npm run create-test-data (or npm run demo next time).');
      }
    });
  },
};
