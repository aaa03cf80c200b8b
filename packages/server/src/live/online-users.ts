/** Who is online, by what each node says of its own. */
export interface OnlineUsers {
  isOnline: (userId: number) => boolean;
  /** Those that a node says are online at it. */
  at(node: string): ReadonlySet<number>;
  nodes(): Iterable<string>;
  /** A node says that users came, and that users went; a user may be online at several nodes. */
  change(node: string, came: Iterable<number>, went: Iterable<readonly [userId: number, seenAt: number | null]>): void;
  /** All who are online at a node. Others, whom it had, have gone at about `now`. */
  replace(node: string, users: Iterable<number>, now: number): void;
  /** A node is gone, and with it all who were online at it, at a moment in milliseconds. Returns who is so no more. */
  forget(node: string, seenAt: number): number[];
}

/**
 * @param changed gets each user who is online now and was not, or is not any more, with when they were last (null
 *   where that is not to be told).
 */
export function createOnlineUsers(changed: (userId: number, seenAt: number | null) => void): OnlineUsers {
  const byNode = new Map<string, Set<number>>();
  /** At how many nodes each user is. */
  const places = new Map<number, number>();

  function come(users: Set<number>, userId: number): void {
    if (users.has(userId)) return;
    users.add(userId);
    const count = places.get(userId) ?? 0;
    places.set(userId, count + 1);
    if (count === 0) changed(userId, null);
  }

  function go(users: Set<number>, userId: number, seenAt: number | null): boolean {
    if (!users.delete(userId)) return false;
    const count = places.get(userId) ?? 1;
    if (count > 1) {
      places.set(userId, count - 1);
      return false;
    }
    places.delete(userId);
    changed(userId, seenAt);
    return true;
  }

  function usersAt(node: string): Set<number> {
    const users = byNode.get(node) ?? new Set();
    byNode.set(node, users);
    return users;
  }

  return {
    isOnline: (userId) => places.has(userId),
    at: (node) => byNode.get(node) ?? new Set(),
    nodes: () => byNode.keys(),
    change(node, came, went) {
      const users = usersAt(node);
      for (const userId of came) come(users, userId);
      for (const [userId, seenAt] of went) go(users, userId, seenAt);
    },
    replace(node, present, now) {
      const users = usersAt(node);
      const all = new Set(present);
      for (const userId of all) come(users, userId);
      for (const userId of users) if (!all.has(userId)) go(users, userId, now);
    },
    forget(node, seenAt) {
      const users = usersAt(node);
      byNode.delete(node);
      return [...users].filter((userId) => go(users, userId, seenAt));
    },
  };
}
