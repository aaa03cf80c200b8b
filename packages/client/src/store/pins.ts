import type { ChatRecord, MessageState } from './chat-record.ts';

/** The pinned messages of a chat, whatever else is held of it: read once, and kept true by what is told after. */
export interface HeldPins {
  /** They have been read: what is not here is not pinned. */
  known: boolean;
  /** By id. Until they are known, those too of which was told meanwhile that they are not pinned. */
  readonly messages: Map<number, MessageState>;
}

/** Takes in a message that is newer than what was held of it. False: the pinned ones are as they were. */
export function heardOfPin({ pins }: ChatRecord, message: MessageState): boolean {
  if (pins === undefined) return false;
  if (!pins.known || message.pinned_at !== null) pins.messages.set(message.id, message);
  else if (!pins.messages.delete(message.id)) return false;
  return true;
}

/** Takes in what was read, but for what was told since it was asked for, which is as new or newer. */
export function takePins(pins: HeldPins, read: readonly MessageState[]): void {
  const { messages } = pins;
  for (const message of read) {
    if ((messages.get(message.id)?.version ?? 0) < message.version) messages.set(message.id, message);
  }
  for (const { id, pinned_at: at } of messages.values()) if (at === null) messages.delete(id);
  pins.known = true;
}

/** The one pinned last first, as the server has them; undefined until they have been read. */
export function pinnedMessages({ pins }: ChatRecord): MessageState[] | undefined {
  if (pins?.known !== true) return undefined;
  return [...pins.messages.values()].toSorted((a, b) => {
    const [first, second] = [a.pinned_at ?? '', b.pinned_at ?? ''];
    if (first === second) return b.id - a.id;
    return first < second ? 1 : -1;
  });
}
