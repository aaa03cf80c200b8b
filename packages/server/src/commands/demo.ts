import { systemClock } from '../clock.ts';
import { createTestData } from '../domain/test-data.ts';
import { StartupError } from '../startup-error.ts';
import type { Command } from './command.ts';
import { describeTestData } from './create-test-data.ts';
import { serve } from './serve.ts';

export const demo: Command = {
  help: `Start the Beseda server with test data: npm run demo

The same as npm run create-test-data followed by npm start. Refused with NODE_ENV=production, since everybody knows
the password of the test users.`,

  async run(surroundings) {
    if (surroundings.config.production) {
      throw new StartupError('NODE_ENV=production: the demo has users with a well-known password. Use npm start.');
    }
    await serve(surroundings, async ({ db }) => {
      for (const line of describeTestData(await createTestData(db, systemClock.now()))) surroundings.tell(line);
    });
  },
};
