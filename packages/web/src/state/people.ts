import type { User } from '@beseda/protocol/users.ts';

/** Who people are, asked for once each. */
export interface People {
  /** Undefined until it is known; it is asked for then. */
  person(userId: number): User | undefined;
  /** Takes in what was learnt elsewhere. */
  learn(user: User): void;
  /** Counts what has been learnt: it changes whenever a name may have. */
  version: () => number;
  watch: (listener: () => void) => () => void;
}

/**
 * @param ask reads one person; where it fails, it is asked again when next looked for.
 * @param later runs an act soon, so that people learnt together are told of once.
 */
export function createPeople(ask: (userId: number) => Promise<User>, later: (act: () => void) => void): People {
  const known = new Map<number, User>();
  const asked = new Set<number>();
  const listeners = new Set<() => void>();
  let version = 0;
  let telling = false;

  function learn(user: User): void {
    const held = known.get(user.id);
    if (held?.username === user.username && held.display_name === user.display_name) return;
    known.set(user.id, user);
    version += 1;
    if (telling) return;
    telling = true;
    later(() => {
      telling = false;
      for (const listener of listeners) listener();
    });
  }

  async function learnAbout(userId: number): Promise<void> {
    try {
      learn(await ask(userId));
    } catch {
      // It stays unnamed until someone looks again, the connection being back.
      asked.delete(userId);
    }
  }

  return {
    person(userId) {
      const user = known.get(userId);
      if (user === undefined && !asked.has(userId)) {
        asked.add(userId);
        void learnAbout(userId);
      }
      return user;
    },
    learn,
    version: () => version,
    watch(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

/** What a person is called. */
export function nameOf(user: User): string {
  return user.display_name ?? user.username;
}
