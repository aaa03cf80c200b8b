import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { MessageFile } from '@beseda/protocol/files.ts';
import { MESSAGE_FILES } from '@beseda/protocol/limits.ts';
import type { Uploading, UploadingClient } from './file-uploading.ts';
import { settable, type Watched } from './watched.ts';

/** A file of this device that one has chosen. */
export interface ChosenFile {
  name: string;
  /** In bytes. */
  size: number;
  /** What the device takes it for, such as `image/png`; may be empty. */
  type: string;
  /** The bytes from one place up to but not including another. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** One that is to go with the next message of a chat. */
export interface Attachment {
  key: number;
  chosen: ChosenFile;
  /** How many of its bytes the server has. */
  sent: number;
  /** What it is on the server, once it is whole there. */
  file: MessageFile | undefined;
  /** Why it cannot be had there; undefined: it goes on, by itself where it was held up. */
  failure: { code: string; detail: string } | undefined;
}

/** Files on their way to the server, before the message that they go with. */
export interface FileUploads extends Watched<ReadonlyMap<number, readonly Attachment[]>> {
  /** Begins to upload them; those past what one message takes are left. Returns how many were taken. */
  add(chatId: number, chosen: readonly ChosenFile[]): number;
  /** Takes one back. */
  remove(chatId: number, key: number): void;
  /** Begins one anew that failed. */
  retry(chatId: number, key: number): void;
  /** Those of a chat that are whole, which leave; what failed stays. */
  take(chatId: number): MessageFile[];
}

type Parts = UploadingClient & { api: { files: Pick<Client['api']['files'], 'delete'> } };

export function createFileUploads(client: Parts, clock: Clock, random: () => number): FileUploads {
  const { files: api } = client.api;
  const all = settable<ReadonlyMap<number, readonly Attachment[]>>(new Map());
  /** What ends the uploading of each that is on its way. */
  const going = new Map<number, AbortController>();
  let lastKey = 0;
  /** One after the other, so that the first is there soon. */
  let turn: Promise<unknown> = Promise.resolve();
  /** How it is done is read with the first file. */
  const upload: Uploading = async (...given) => {
    const { createUploading } = await import('./file-uploading.ts');
    return createUploading(clock, random)(...given);
  };

  function change(chatId: number, key: number, news: Partial<Attachment>): void {
    const list = all.get().get(chatId) ?? [];
    show(
      chatId,
      list.map((one) => (one.key === key ? Object.assign({}, one, news) : one)),
    );
  }

  function show(chatId: number, list: readonly Attachment[]): void {
    const next = new Map(all.get());
    if (list.length === 0) next.delete(chatId);
    else next.set(chatId, list);
    all.set(next);
  }

  function begin(chatId: number, key: number, chosen: ChosenFile): void {
    const ending = new AbortController();
    going.set(key, ending);
    const go = async (): Promise<void> => {
      try {
        if (ending.signal.aborted) return;
        const file = await upload(client, chosen, ending.signal, (sent) => change(chatId, key, { sent }));
        change(chatId, key, { sent: chosen.size, file });
      } catch (error) {
        const { code, detail } =
          error instanceof ApiError ? error.problem : { code: 'unreadable_file', detail: String(error) };
        if (!ending.signal.aborted) change(chatId, key, { failure: { code, detail } });
      } finally {
        going.delete(key);
      }
    };
    turn = turn.then(go);
  }

  return {
    get: all.get,
    watch: all.watch,
    add(chatId, chosen) {
      const list = all.get().get(chatId) ?? [];
      const taken = chosen.slice(0, MESSAGE_FILES.max - list.length).map((one): Attachment => {
        lastKey += 1;
        return { key: lastKey, chosen: one, sent: 0, file: undefined, failure: undefined };
      });
      show(chatId, [...list, ...taken]);
      for (const one of taken) begin(chatId, one.key, one.chosen);
      return taken.length;
    },
    remove(chatId, key) {
      const list = all.get().get(chatId) ?? [];
      const file = list.find((one) => one.key === key)?.file;
      show(
        chatId,
        list.filter((one) => one.key !== key),
      );
      going.get(key)?.abort();
      if (file !== undefined) api.delete(file.id).catch(() => undefined);
    },
    retry(chatId, key) {
      const one = all
        .get()
        .get(chatId)
        ?.find((item) => item.key === key);
      if (one?.failure === undefined) return;
      change(chatId, key, { failure: undefined, sent: 0 });
      begin(chatId, key, one.chosen);
    },
    take(chatId) {
      const list = all.get().get(chatId) ?? [];
      show(
        chatId,
        list.filter(({ file }) => file === undefined),
      );
      return list.flatMap(({ file }) => file ?? []);
    },
  };
}
