import { Registered } from '@beseda/protocol/users.ts';
import { ask, createGroup, expectAnswer, signIn, type Person } from '../packages/server/testing/api-client.ts';
import { joinChat } from '../packages/server/testing/chat-socket.ts';
import type { TestServer } from '../packages/server/testing/test-server.ts';

/** People and chats such as there may be: what the main screens are shown and checked with. */
export interface Garden {
  anna: Person;
  mira: Person;
  council: number;
}

const PASSWORD = 'password123';

/** Fills an empty server; its clock ends some hours later than it began. */
export async function plantGarden(server: TestServer): Promise<Garden> {
  const people = async (username: string, displayName: string | null): Promise<Person> => {
    const json = { username, email: `${username}@example.com`, password: PASSWORD, display_name: displayName };
    const { id } = await expectAnswer(ask(server, 'POST', '/auth/register', { json }), 201, Registered);
    const tokens = await signIn(server, username, PASSWORD);
    return { id, username, password: PASSWORD, token: tokens.access_token, refreshToken: tokens.refresh_token };
  };
  const anna = await people('anna', 'Анна');
  const mira = await people('mira', 'Мира Лан');
  const oleg = await people('oleg', 'Oleg');
  const jonas = await people('jonas', 'Jonas Berg');
  const olya = await people('olya', 'Тётя Оля');
  const priya = await people('priya', 'Priya N.');
  const minutes = (count: number): void => server.clock.advance(count * 60);

  async function say(sender: Person, chatId: number, text: string, replyTo?: number): Promise<number> {
    const json = { text, ...(replyTo === undefined ? {} : { reply_to: replyTo }) };
    const { body } = await ask(server, 'POST', `/messages/${chatId}/send`, { token: sender.token, json });
    return (body as { id: number }).id;
  }
  const personal = async (other: Person): Promise<number> => {
    const { body } = await ask(server, 'POST', '/chats/', { token: anna.token, json: { user_id: other.id } });
    return (body as { id: number }).id;
  };
  const group = async (name: string, creator: Person, others: Person[]): Promise<number> => {
    const { id } = await createGroup(server, creator, others);
    await ask(server, 'PATCH', `/groups/${id}`, { token: creator.token, json: { name } });
    return id;
  };
  const read = async (person: Person, chatId: number, messageId: number): Promise<void> => {
    const socket = await joinChat(server, chatId, person.token);
    socket.send({ type: 'read', message_id: messageId, ref: 'read' });
    await socket.next(({ ref }) => ref === 'read');
    socket.close();
  };
  const react = async (person: Person, chatId: number, messageId: number, emoji: string): Promise<void> => {
    const path = `/messages/${chatId}/${messageId}/reactions/${encodeURIComponent(emoji)}`;
    await ask(server, 'PUT', path, { token: person.token });
  };

  await say(priya, await personal(priya), 'The photos are in the shared folder now');
  minutes(14);
  const club = await group('Книжный клуб', priya, [anna, olya, mira]);
  await say(anna, club, 'тогда в четверг');
  minutes(9);
  await say(olya, await personal(olya), 'Спасибо, родной! 🌿');
  minutes(21);
  const withJonas = await personal(jonas);
  await say(anna, withJonas, 'Is the pump back?');
  await say(jonas, withJonas, 'Yes, since this morning. See you at the gate');
  await read(anna, withJonas, 2);
  minutes(41);
  const bridge = await group('Release bridge', oleg, [anna, priya]);
  for (const text of ['1.4 is cut', 'CI is green', 'tagged 1.4, notes are up']) await say(oleg, bridge, text);

  const council = await group('Садовый совет', anna, [mira, oleg, jonas, priya]);
  await say(jonas, council, 'Good morning. Frost until nine, then sun all day.');
  minutes(3);
  await say(mira, council, 'Тогда накрою рассаду ещё на час.');
  await say(
    mira,
    council,
    'План на сегодня:\n\n1. перенести базилик\n2. проверить шланги\n3. ~~купить верёвку~~ уже есть',
  );
  minutes(11);
  const compost = await say(oleg, council, 'Привёз 12 мешков компоста, сложил у северной стены.');
  await say(oleg, council, 'Ключ от сарая под третьим кирпичом');
  minutes(3);
  await say(anna, council, 'Great, that covers the whole bed. I’ll bring the barrow at **five**.', compost);
  minutes(18);
  const script = await say(
    jonas,
    council,
    [
      'The watering script, if anyone wants to look:',
      '```ts',
      'const dry = beds.filter((bed) => bed.moisture < 0.3)',
      "for (const bed of dry) await open(bed.valve, '8 min')",
      '```',
      'Runs at `05:30`, before the sun gets there.',
    ].join('\n'),
  );
  for (const person of [anna, mira, oleg, priya]) await react(person, council, script, '🌱');
  for (const person of [mira, oleg]) await react(person, council, script, '👏');
  await read(anna, council, script);
  for (const person of [oleg, jonas]) await read(person, council, script);
  minutes(28);
  const plan = await say(mira, council, '@anna посмотри план грядок, я поменяла местами помидоры и базилик');
  await ask(server, 'PATCH', `/messages/${council}/${plan}`, {
    token: mira.token,
    json: { text: '@anna посмотри план грядок, я поменяла местами томаты и базилик' },
  });
  minutes(1);
  await say(mira, council, 'Чертёж: https://sad.example/plan-7');
  minutes(1);
  await say(mira, council, 'Скажи, если что-то не сходится 🙂');
  await say(mira, await personal(mira), 'Отправила чертежи, посмотри');
  return { anna, mira, council };
}
