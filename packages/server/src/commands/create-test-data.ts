import { systemClock } from '../clock.ts';
import { connect } from '../db/connect.ts';
import { createTestData, TEST_PASSWORD, type TestData } from '../domain/test-data.ts';
import { StartupError } from '../startup-error.ts';
import type { Command } from './command.ts';

export const createTestDataCommand: Command = {
  help: `Create test data: npm run create-test-data

Makes user1 … user5 (password ${TEST_PASSWORD}), a personal chat between each and the next, a group of all five, and
a few messages in each. On an empty database the personal chats get the ids 1–4 and the group the id 5. Works while
the server runs; running it again changes nothing. Refused with NODE_ENV=production.`,

  async run({ config, tell }) {
    if (config.production) {
      throw new StartupError('NODE_ENV=production: test users have a password that everybody knows. None were made.');
    }
    const connected = await connect({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      poolSize: 2,
      role: 'create-test-data',
      mode: 'share',
      tell,
      onLostConnection: () => {},
    });
    try {
      for (const line of describeTestData(await createTestData(connected.db, systemClock.now()))) tell(line);
    } finally {
      await connected.close();
    }
  },
};

/** What was made, or that it was there, in a few lines. */
export function describeTestData(data: TestData): string[] {
  if (!data.changed) return [`The test data is there already: sign in as user1 with ${TEST_PASSWORD}.`];
  return [
    'Users:',
    ...data.users.map((user) => `  ${user.username} (id ${user.id})`),
    'Personal chats:',
    ...data.personalChats.map((chat) => `  ${chat.between.join(' and ')} (id ${chat.id}), ${chat.messages} messages`),
    'Group:',
    `  ${data.group.name} (id ${data.group.id}), ${data.group.messages} messages`,
    `Sign in as user1 with the password ${TEST_PASSWORD}.`,
  ];
}
