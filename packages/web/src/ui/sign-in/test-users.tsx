import type { ServerConfig } from '@beseda/protocol/web.ts';
import { useEffect, useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './sign-in.module.css';

/** The users of the test data, where the server has them and says so: one click, and one is in. */
export function TestUsers() {
  const words = useWords();
  const { client, account } = useWorld();
  const [users, setUsers] = useState<ServerConfig['test_users']>([]);

  useEffect(() => {
    // Without an answer there is nothing to offer; signing in itself will tell what is wrong.
    client.api.account.config().then(
      ({ test_users: found }) => setUsers(found),
      () => setUsers([]),
    );
  }, [client]);

  if (users.length === 0) return null;
  return (
    <section className={styles.test} aria-labelledby="test-users">
      <h2 id="test-users">{words.testUsers}</h2>
      <ul>
        {users.map(({ username, password }) => (
          <li key={username}>
            <button
              type="button"
              title={words.signInAs(username)}
              onClick={() => {
                // The form stays as it is where this fails, which only a server that has just gone away makes it do.
                account.signIn(username, password).catch(() => undefined);
              }}
            >
              <Avatar name={username} seed={username} size="small" />
              {username}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
