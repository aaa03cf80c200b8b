import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { Presence, Typing } from '@beseda/client/store/presence.ts';
import type { Topic } from '@beseda/client/store/topics.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { PRESENCE_TOLD } from '@beseda/protocol/presence.ts';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { People } from '../state/people.ts';
import { withName } from '../state/saved.ts';
import type { Watched } from '../state/watched.ts';
import { useWords } from './use-words.ts';
import { useWorld } from './world.ts';

/** The present value, and a new rendering with each change. */
export function useWatched<T>(watched: Watched<T>): T {
  return useSyncExternalStore(watched.watch, watched.get);
}

/** Whether all chats there are have been told of. */
export function useSynced(): boolean {
  const { client } = useWorld();
  const watch = useCallback((listener: () => void) => client.onState(listener), [client]);
  return useSyncExternalStore(watch, () => client.state.name === 'live');
}

export function useInbox(): readonly ChatView[] {
  const { store } = useWorld().client;
  const watch = useCallback((listener: () => void) => store.watch({ of: 'inbox' }, listener), [store]);
  const inbox = useSyncExternalStore(watch, () => store.inbox());
  const { savedMessages } = useWords();
  return useMemo(() => inbox.map((chat) => withName(chat, savedMessages)), [inbox, savedMessages]);
}

export function useChat(chatId: number): ChatView | undefined {
  const { store } = useWorld().client;
  const chat = useSyncExternalStore(useTopic('chat', chatId), () => store.chat(chatId));
  const { savedMessages } = useWords();
  return useMemo(() => (chat === undefined ? undefined : withName(chat, savedMessages)), [chat, savedMessages]);
}

/** Undefined until they have been loaded. */
export function useMembers(chatId: number): readonly number[] | undefined {
  const { store } = useWorld().client;
  return useSyncExternalStore(useTopic('members', chatId), () => store.members(chatId));
}

/** The pinned messages of a chat, the one pinned last first; undefined until they have been loaded. */
export function usePins(chatId: number): readonly MessageState[] | undefined {
  const { store } = useWorld().client;
  return useSyncExternalStore(useTopic('pins', chatId), () => store.pins(chatId));
}

/** Others who type in a chat. */
export function useTyping(chatId: number): Typing {
  const { store } = useWorld().client;
  return useSyncExternalStore(useTopic('typing', chatId), () => store.typing(chatId));
}

/** @param userId undefined: nobody, who is never online. */
export function usePresence(userId: number | undefined): Presence | undefined {
  const { store } = useWorld().client;
  const watch = useCallback(
    (listener: () => void) =>
      userId === undefined ? () => undefined : store.watch({ of: 'presence', userId }, listener),
    [store, userId],
  );
  return useSyncExternalStore(watch, () => (userId === undefined ? undefined : store.presence(userId)));
}

/** How many of a group are online, oneself among them; undefined where that is not known. */
export function useOnlineCount(chatId: number, self: number): number | undefined {
  const { store } = useWorld().client;
  const members = useMembers(chatId);
  // Of larger groups the server tells a number, and nobody by name.
  const named = members !== undefined && members.length <= PRESENCE_TOLD.maxMembers ? members : undefined;
  const watch = useCallback(
    (listener: () => void) => {
      const stops = named?.map((userId) => store.watch({ of: 'presence', userId }, listener)) ?? [
        store.watch({ of: 'online', chatId }, listener),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [store, chatId, named],
  );
  return useSyncExternalStore(watch, () =>
    named === undefined
      ? store.onlineCount(chatId)
      : named.filter((userId) => userId === self || store.presence(userId).online).length,
  );
}

function useTopic(of: Extract<Topic['of'], 'chat' | 'members' | 'pins' | 'typing'>, chatId: number) {
  const { store } = useWorld().client;
  return useCallback((listener: () => void) => store.watch({ of, chatId }, listener), [store, of, chatId]);
}

/** Who people are; the view is rendered anew when more are known. */
export function usePeople(): People {
  const { people } = useWorld();
  useSyncExternalStore(people.watch, people.version);
  return people;
}
