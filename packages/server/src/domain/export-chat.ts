import { Chat } from '@beseda/protocol/chats.ts';
import type { ChatExport } from '@beseda/protocol/exports.ts';
import type { User } from '@beseda/protocol/users.ts';
import { Value } from 'typebox/value';
import type { Db } from '../db/open.ts';
import { messageState } from './frames.ts';
import { chatJson } from './inbox.ts';
import { requireMembership } from './membership.ts';
import { selectMessages } from './message-rows.ts';

export type ExportedMessage = ChatExport['messages'][number];

/** Messages that follow each other, oldest first, and those of the people they name whom no part before has told. */
export interface ExportedPart {
  messages: ExportedMessage[];
  people: User[];
}

export interface ExportedChat {
  chat: ChatExport['chat'];
  /** @throws ProblemError `chat_not_found` from the moment on at which the user is no member any more. */
  parts: AsyncIterable<ExportedPart>;
}

/** Messages of a part: little enough to hold, and to read without keeping others waiting. */
const PART = 500;

/**
 * A chat from its beginning to its newest message of now. It is read part by part as it is taken, so that a long one
 * is never held in whole; each part is of one moment.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function exportChat(db: Db, userId: number, chatId: number): Promise<ExportedChat> {
  const chat = Value.Parse(Chat, JSON.parse(await chatJson(db, userId, chatId)));
  const { id, name, is_group, created_at, last_message_id: last } = chat;
  return { chat: { id, name, is_group, created_at }, parts: partsOf(db, userId, chatId, last) };
}

async function* partsOf(db: Db, userId: number, chatId: number, last: number): AsyncGenerator<ExportedPart> {
  const told = new Set<number>();
  for (let after = 0; after < last; after += PART) {
    await requireMembership(db, chatId, userId);
    const rows = await selectMessages(db)
      .where('chat_id', '=', chatId)
      .where('id', '>', after)
      .where('id', '<=', Math.min(after + PART, last))
      .orderBy('id')
      .execute();
    const messages = rows.map(messageState);
    const named = [...new Set(messages.flatMap(namedBy))].filter((id) => !told.has(id));
    for (const id of named) told.add(id);
    yield { messages, people: await peopleOf(db, named) };
  }
}

function namedBy(message: ExportedMessage): number[] {
  const others = [message.reply_to, message.forwarded_from].filter((one) => one !== null);
  return [
    message.sender_id,
    ...others.map((one) => one.sender_id),
    ...message.reactions.flatMap(({ user_ids: ids }) => ids),
  ];
}

async function peopleOf(db: Db, ids: readonly number[]): Promise<User[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('users').select(['id', 'username', 'display_name']).where('id', 'in', ids).execute();
}
