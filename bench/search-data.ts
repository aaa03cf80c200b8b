import type { Client } from 'pg';
import { insertGroups } from './driver/groups.ts';

/** What is searched: most messages are in one chat and in fifty others of the one who asks, the rest in chats of others. */
export interface SearchData {
  /** The chat that holds half of the messages. */
  giant: number;
}

/** Chats of the one who asks besides the giant one, and of others. */
const OWN = 50;
const FOREIGN = 200;

/** Rows of one statement. */
const AT_ONCE = 50_000;

/** Fills a database with so many messages of generated text: half in one chat, a fifth in others of the asker. */
export async function insertSearchData(
  database: Client,
  { asker, other, messages }: { asker: number; other: number; messages: number },
  tell: (line: string) => void,
): Promise<SearchData> {
  const [giant = 0, ...rest] = await insertGroups(database, [
    [other, asker],
    ...Array.from({ length: OWN }, () => [other, asker]),
    ...Array.from({ length: FOREIGN }, () => [other]),
  ]);
  const sizes = new Map([
    [giant, Math.floor(messages / 2)],
    ...rest.slice(0, OWN).map((id): [number, number] => [id, Math.floor(messages / 5 / OWN)]),
    ...rest.slice(OWN).map((id): [number, number] => [id, Math.floor((messages * 3) / 10 / FOREIGN)]),
  ]);
  for (const [chatId, size] of sizes) {
    for (let from = 1; from <= size; from += AT_ONCE) {
      await database.query({ text: INSERT, values: [chatId, from, Math.min(size, from + AT_ONCE - 1), asker] });
      if (size > AT_ONCE) tell(`${Math.min(size, from + AT_ONCE - 1).toLocaleString('en')} messages of the giant chat`);
    }
    await database.query({ text: MOVE_ON, values: [chatId, size] });
  }
  await database.query('VACUUM (ANALYZE) chats, members, messages');
  await database.query('CHECKPOINT');
  return { giant };
}

/**
 * Words by Zipf's law, nearly: few make up most of what is said, and they are real; the others of twenty thousand could
 * be Russian or English. Some messages hold what is looked for.
 */
const INSERT = `
  INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
  SELECT $1::bigint, n, n + 10, CASE WHEN n % 10 = 0 THEN $4::bigint ELSE c.creator_id END,
    (
      SELECT string_agg(
        CASE
          WHEN word <= 35 THEN (ARRAY[
            'мы', 'не', 'что', 'the', 'это', 'сегодня', 'завтра', 'работа', 'проект', 'встреча', 'привет', 'можно',
            'release', 'server', 'сделать', 'посмотреть', 'новый', 'сообщение', 'ошибка', 'исправить', 'код', 'тест',
            'ready', 'please', 'данные', 'вопрос', 'ответ', 'время', 'дом', 'ключ', 'garden', 'meeting', 'update',
            'спасибо', 'хорошо'
          ])[word]
          WHEN word % 4 = 0 THEN translate(left(md5(word::text), 4 + word % 5), '0123456789', 'oaeuioaeui')
          ELSE translate(left(md5(word::text), 4 + word % 6), '0123456789abcdef', 'аоеиуыптклмнрсвд')
        END, ' ')
      FROM (SELECT 1 + floor(power(random(), 4) * 20000)::int + 0 * k AS word FROM generate_series(1, 4 + (n % 9)::int) AS k) said
    )
      || CASE WHEN n % 5000 = 77 THEN ' саламандра ждёт у старых ворот' ELSE '' END
      || CASE WHEN n % 300 = 5 THEN ' 明天的会议在三点' ELSE '' END
      || CASE WHEN n % 50 = 9 THEN ' https://example.com/page' || n ELSE '' END,
    now() - (1000000 - n) * interval '40 seconds'
  FROM chats c, generate_series($2::bigint, $3::bigint) AS n WHERE c.id = $1::bigint`;

const MOVE_ON = `UPDATE chats SET last_message_id = $2, version = version + $2 WHERE id = $1`;
