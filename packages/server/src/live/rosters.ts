import { PRESENCE_TOLD } from '@beseda/protocol/presence.ts';
import type { ChatEvent } from '../domain/events.ts';
import type { MemberList } from '../domain/member-lists.ts';

/** Who is in a chat that somebody here listens to. */
export interface Roster {
  readonly kind: 'personal' | 'group';
  readonly members: ReadonlySet<number>;
}

/** Who is in the chats that somebody here listens to, kept true by what is told in them. */
export interface Rosters {
  /** Settles once who is in the chats is known. Rejects where the database cannot tell. */
  load(chatIds: readonly number[]): Promise<void>;
  of(chatId: number): Roster | undefined;
  /** The chats that a user is in and whose members may see who is online. */
  smallChatsOf(userId: number): Iterable<number>;
  /** The chats that have too many members for that. */
  largeChats(): Iterable<number>;
  /** What was told in a chat, in version order. Returns whether it put a user in or out. */
  told(event: ChatEvent): 'in' | 'out' | undefined;
  /** More happened in a chat than was told: who is in it must be looked up again. */
  skipped: (chatId: number) => void;
  /** Nobody here listens to the chat any more. */
  drop: (chatId: number) => void;
}

interface Known {
  kind: MemberList['kind'];
  version: number;
  members: Set<number>;
}

interface Entry {
  known: Known | undefined;
  /** While who is in the chat is looked up: what is told meanwhile, and what settles then. */
  loading: { held: ChatEvent[]; done: Promise<void> } | undefined;
}

/** Chats that are being looked up, each with what is told in it meanwhile. */
type Begun = Map<number, { entry: Entry; held: ChatEvent[] }>;

/** @param onError gets why a list that had become untrue could not be looked up. */
export function createRosters(
  lookUp: (chatIds: readonly number[]) => Promise<MemberList[]>,
  onError: (error: unknown) => void,
): Rosters {
  const entries = new Map<number, Entry>();
  /** By user, for small chats. Large ones are few, and asked one by one. */
  const chatsOf = new Map<number, Set<number>>();
  const large = new Set<number>();

  function index(chatId: number, userId: number, isIn: boolean): void {
    const chats = chatsOf.get(userId) ?? new Set();
    if (isIn) chatsOf.set(userId, chats.add(chatId));
    else if (chats.delete(chatId) && chats.size === 0) chatsOf.delete(userId);
  }

  /** Puts a chat under the small or the large ones, as its size has become. */
  function file(chatId: number, members: ReadonlySet<number>): void {
    const isLarge = members.size > PRESENCE_TOLD.maxMembers;
    if (isLarge === large.has(chatId)) return;
    if (isLarge) large.add(chatId);
    else large.delete(chatId);
    for (const userId of members) index(chatId, userId, !isLarge);
  }

  function forget(chatId: number): void {
    const known = entries.get(chatId)?.known;
    if (!large.delete(chatId)) for (const userId of known?.members ?? []) index(chatId, userId, false);
    entries.delete(chatId);
  }

  function apply(entry: Entry, { chatId, frame }: ChatEvent): 'in' | 'out' | undefined {
    const { known } = entry;
    if (frame.type !== 'member' || known === undefined || frame.version <= known.version) return undefined;
    known.version = frame.version;
    const { user_id: userId } = frame;
    const wasIn = known.members.has(userId);
    const isIn = frame.left_at === null;
    if (isIn === wasIn) return undefined;
    if (isIn) known.members.add(userId);
    else known.members.delete(userId);
    if (!large.has(chatId)) index(chatId, userId, isIn);
    file(chatId, known.members);
    return isIn ? 'in' : 'out';
  }

  function learn(entry: Entry, held: readonly ChatEvent[], { chatId, kind, version, userIds }: MemberList): void {
    for (const userId of entry.known?.members ?? []) if (!large.has(chatId)) index(chatId, userId, false);
    large.delete(chatId);
    entry.known = { kind, version, members: new Set(userIds) };
    for (const userId of userIds) index(chatId, userId, true);
    file(chatId, entry.known.members);
    for (const event of held) apply(entry, event);
  }

  /** Looks up who is in the chats; what is told in them meanwhile is held and applied after. */
  async function begin(chatIds: readonly number[]): Promise<void> {
    const begun: Begun = new Map();
    const done = lookUpLists(chatIds, begun);
    for (const chatId of chatIds) {
      const entry = entries.get(chatId) ?? { known: undefined, loading: undefined };
      const held: ChatEvent[] = [];
      entry.loading = { held, done };
      entries.set(chatId, entry);
      begun.set(chatId, { entry, held });
    }
    return done;
  }

  async function lookUpLists(chatIds: readonly number[], begun: Begun): Promise<void> {
    try {
      for (const list of await lookUp(chatIds)) {
        const { entry, held } = begun.get(list.chatId) ?? {};
        // The chat may have been dropped meanwhile, or looked up again.
        if (entry === undefined || entries.get(list.chatId) !== entry || entry.loading?.held !== held) continue;
        learn(entry, held ?? [], list);
      }
    } finally {
      for (const [chatId, { entry, held }] of begun) {
        if (entry.loading?.held !== held) continue;
        entry.loading = undefined;
        if (entry.known === undefined && entries.get(chatId) === entry) entries.delete(chatId);
      }
    }
  }

  return {
    async load(chatIds) {
      const unknown = chatIds.filter((id) => !entries.has(id));
      const waits = chatIds.flatMap((id) => entries.get(id)?.loading?.done ?? []);
      if (unknown.length > 0) waits.push(begin(unknown));
      await Promise.all(new Set(waits));
    },
    of: (chatId) => entries.get(chatId)?.known,
    smallChatsOf: (userId) => chatsOf.get(userId) ?? [],
    largeChats: () => large,
    told(event) {
      const entry = entries.get(event.chatId);
      if (entry === undefined || event.frame.type !== 'member') return undefined;
      entry.loading?.held.push(event);
      return apply(entry, event);
    },
    skipped(chatId) {
      if (entries.has(chatId)) void begin([chatId]).catch(onError);
    },
    drop: forget,
  };
}
