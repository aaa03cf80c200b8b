import type { User } from '@beseda/protocol/users.ts';

/** Who people are, asked for once each. */
export interface People {
  /** Undefined until it is known; it is asked for then. */
  person(userId: number): User | undefined;
  /** Takes in what was learnt elsewhere. */
  learn(user: User): void;
  /** Takes in who people were the last time: that is shown until it is known anew. */
  recall(users: readonly User[]): void;
  /** From now on those who were only recalled are asked for too, when next looked for: the connection is there. */
  recheck(): void;
  /** All who are known. */
  all(): readonly User[];
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
  const recalled = new Set<number>();
  const listeners = new Set<() => void>();
  let rechecking = false;
  let version = 0;
  let telling = false;

  function learn(user: User): void {
    recalled.delete(user.id);
    const held = known.get(user.id);
    if (held?.username === user.username && held.display_name === user.display_name) return;
    known.set(user.id, user);
    changed();
  }

  function changed(): void {
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
      const wanted = user === undefined || (rechecking && recalled.has(userId));
      if (wanted && !asked.has(userId)) {
        asked.add(userId);
        void learnAbout(userId);
      }
      return user;
    },
    learn,
    recall(users) {
      for (const user of users) {
        if (known.has(user.id)) continue;
        known.set(user.id, user);
        recalled.add(user.id);
      }
      changed();
    },
    recheck() {
      if (rechecking) return;
      rechecking = true;
      if (recalled.size > 0) changed();
    },
    all: () => [...known.values()],
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
