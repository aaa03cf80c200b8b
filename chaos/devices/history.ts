import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { PAGE_SIZE } from '@beseda/protocol/limits.ts';
import { Message } from '@beseda/protocol/messages.ts';
import type { Answer } from '../rest.ts';

const Page = Type.Array(Message);

/**
 * All messages of a chat, oldest first; undefined where the caller may not read it.
 *
 * @param get asks the server, as the one who reads.
 */
export async function readHistory(
  get: (path: string) => Promise<Answer>,
  chatId: number,
): Promise<Message[] | undefined> {
  const all: Message[] = [];
  for (;;) {
    const after = all.at(-1)?.id ?? 0;
    const { status, body } = await get(`/messages/history/${chatId}?limit=${PAGE_SIZE.max}&after=${after}`);
    if (status !== 200) return undefined;
    const page = Value.Parse(Page, body).toSorted((a, b) => a.id - b.id);
    all.push(...page);
    if (page.length < PAGE_SIZE.max) return all;
  }
}
