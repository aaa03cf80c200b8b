import type { User } from '@beseda/protocol/users.ts';
import type { ExportedChat } from '../../domain/export-chat.ts';

/** A `ChatExport` as text, piece by piece. */
export async function* jsonOf({ chat, parts }: ExportedChat, now: Date): AsyncGenerator<string> {
  const head = JSON.stringify({ format: 'beseda-chat/1', exported_at: now.toISOString(), chat });
  yield `${head.slice(0, -1)},\n"messages":[`;
  const people: User[] = [];
  let separator = '\n';
  for await (const part of parts) {
    people.push(...part.people);
    for (const message of part.messages) {
      yield `${separator}${JSON.stringify(message)}`;
      separator = ',\n';
    }
  }
  yield `\n],\n"people":${JSON.stringify(people)}}\n`;
}
