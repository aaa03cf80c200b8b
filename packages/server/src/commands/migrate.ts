import { connect } from '../db/connect.ts';
import type { Command } from './command.ts';

export const migrate: Command = {
  help: `Bring the database schema up to date: npm run migrate

The server does it by itself at every start; this is for doing it beforehand. Safe while the server runs, and for
several processes at once.`,

  async run({ config, tell }) {
    const connected = await connect({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      poolSize: 2,
      role: 'migrate',
      mode: 'share',
      tell,
      onLostConnection: () => {},
    });
    try {
      const { migrated } = connected;
      tell(migrated.length === 0 ? 'The schema is up to date: nothing to do.' : `Applied: ${migrated.join(', ')}.`);
    } finally {
      await connected.close();
    }
  },
};
