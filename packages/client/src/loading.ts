import { ApiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import { backoff } from './live/backoff.ts';
import type { Api } from './rest/api.ts';
import type { Page } from './rest/message-calls.ts';
import type { Asked } from './store/filling.ts';
import type { FilledStore } from './store/store.ts';

/** Messages of one page of history that is read for a view. */
const PAGE = 50;

/** Chats whose details are asked for one by one; for more the whole inbox is read, in one request. */
const ONE_BY_ONE = 3;

/** Reads by REST what frames do not tell, into the store. */
export interface Loading {
  /** Reads the details of chats that have been synced; tries again until it has them or the connection is gone. */
  details(chatIds: readonly number[]): void;
  /** The connection is gone: details are asked for again after the next sync. */
  disconnected(): void;
  /** @throws ApiError */
  page(chatId: number, page: Page): Promise<void>;
  /** One message, such as the one that another answers. @throws ApiError */
  message(chatId: number, messageId: number): Promise<void>;
  /** Its pinned messages. @throws ApiError */
  pins(chatId: number): Promise<void>;
  /** @throws ApiError */
  members(chatId: number): Promise<void>;
}

export function createLoading(api: Api, store: FilledStore, clock: Clock, random: () => number): Loading {
  /** Counts connections: what was asked for in an earlier one is asked for anew. */
  let connection = 0;
  const underWay = new Map<string, Promise<void>>();

  function notes(chatIds: readonly number[]): Map<number, Asked> {
    return new Map(
      chatIds.flatMap((chatId): [number, Asked][] => {
        const asked = store.asking(chatId);
        return asked === undefined ? [] : [[chatId, asked]];
      }),
    );
  }

  async function read(chatIds: readonly number[]): Promise<void> {
    const asked = notes(chatIds);
    if (chatIds.length > ONE_BY_ONE) {
      for (const chat of await api.chats.list()) take(asked.get(chat.id), chat);
      return;
    }
    await Promise.all(chatIds.map(async (chatId) => take(asked.get(chatId), await oneChat(chatId))));
  }

  /** Undefined where it is the user's no more, which frames tell. */
  async function oneChat(chatId: number) {
    try {
      return await api.chats.get(chatId);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'chat_not_found') return undefined;
      throw error;
    }
  }

  function take(asked: Asked | undefined, chat: Parameters<FilledStore['detailsRead']>[1] | undefined): void {
    if (asked !== undefined && chat !== undefined) store.detailsRead(asked, chat);
  }

  async function untilRead(chatIds: readonly number[], failures: number): Promise<void> {
    const mine = connection;
    try {
      await read(chatIds);
    } catch (error) {
      if (mine !== connection) return;
      const retryAfter = error instanceof ApiError ? error.problem.retry_after : undefined;
      clock.after(backoff(failures + 1, random, retryAfter), () => {
        if (mine === connection) void untilRead(chatIds, failures + 1);
      });
    }
  }

  /** Views ask for the same at once. */
  async function once(key: string, act: () => Promise<void>): Promise<void> {
    const running = underWay.get(key) ?? act().finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  }

  return {
    details(chatIds) {
      if (chatIds.length > 0) void untilRead(chatIds, 0);
    },
    disconnected() {
      connection += 1;
    },
    page: async (chatId, page) =>
      once(`page ${chatId} ${JSON.stringify(page)}`, async () => {
        const asked = store.asking(chatId);
        const messages = await api.messages.history(chatId, { limit: PAGE, ...page });
        if (asked !== undefined) store.pageRead(asked, messages);
      }),
    message: async (chatId, messageId) =>
      once(`message ${chatId} ${messageId}`, async () => {
        const asked = store.asking(chatId);
        const message = await api.messages.get(chatId, messageId);
        if (asked !== undefined) store.pageRead(asked, [message]);
      }),
    pins: async (chatId) =>
      once(`pins ${chatId}`, async () => {
        for (let asked = store.askingPins(chatId); asked !== undefined; asked = store.askingPins(chatId)) {
          if (store.pinsRead(asked, await api.chats.pins(chatId))) return;
        }
      }),
    members: async (chatId) =>
      once(`members ${chatId}`, async () => {
        const asked = store.asking(chatId);
        const userIds = await api.groups.members(chatId);
        if (asked !== undefined) store.membersRead(asked, userIds);
      }),
  };
}
