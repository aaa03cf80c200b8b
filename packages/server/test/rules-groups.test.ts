import { Group, Groups, MemberIds } from '@beseda/protocol/groups.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let vera: Person;
let outsider: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  vera = await signUp(server, 'vera');
  outsider = await signUp(server, 'outsider');
});
afterAll(async () => {
  await server.stop();
});

async function get(person: Person, id: number): Promise<Group> {
  return expectAnswer(ask(server, 'GET', `/groups/${id}`, { token: person.token }), 200, Group);
}

/** What a person may do to the members of a group, as a status and a code. */
async function member(method: 'POST' | 'DELETE', person: Person, group: Group, userId: number | 'me') {
  const { status, body } = await ask(server, method, `/groups/${group.id}/members/${userId}`, { token: person.token });
  return { status, body };
}

async function change(person: Person, group: Group, json: object) {
  const { status, body } = await ask(server, 'PATCH', `/groups/${group.id}`, { token: person.token, json });
  return { status, body };
}

const refused = (status: number, code: string) => ({ status, body: { code } });

describe('HT1 groups', () => {
  test.each(['/groups', '/groups/'])('HT1 POST %s answers 201 with id, name, creator_id and members', async (path) => {
    const alone = await ask(server, 'POST', path, { token: anna.token, json: { name: '  My Group ' } });
    const group = await expectAnswer(Promise.resolve(alone), 201, Group);
    expect(alone.body).toEqual({ id: group.id, name: 'My Group', creator_id: anna.id, members: [anna.id] });
    const json = { name: 'Ours', members: [vera.id, boris.id, vera.id, anna.id] };
    const { body } = await ask(server, 'POST', path, { token: anna.token, json });
    expect(body).toMatchObject({ name: 'Ours', members: [anna.id, boris.id, vera.id] });
  });

  test('HT1 a group with a member that does not exist is not made', async () => {
    const before = await ask(server, 'GET', '/groups/', { token: anna.token });
    const json = { name: 'Ghosts', members: [boris.id, 999_999] };
    expect(await ask(server, 'POST', '/groups/', { token: anna.token, json })).toMatchObject(
      refused(404, 'user_not_found'),
    );
    expect((await ask(server, 'GET', '/groups/', { token: anna.token })).body).toEqual(before.body);
  });

  test.each(['/groups', '/groups/'])('HT1 GET %s lists the groups one is in, and no personal chat', async (path) => {
    const person = await signUp(server);
    await openChat(server, person, anna);
    const groups = [await createGroup(server, person, [anna]), await createGroup(server, anna, [person])];
    expect(await expectAnswer(ask(server, 'GET', path, { token: person.token }), 200, Groups)).toEqual({ groups });
  });

  test.each(['', '/'])('HT1 GET /groups/{id}%s and …/members%s tell members of the group', async (slash) => {
    const group = await createGroup(server, anna, [boris]);
    const { body } = await ask(server, 'GET', `/groups/${group.id}${slash}`, { token: boris.token });
    expect(body).toEqual({ id: group.id, name: 'A group', creator_id: anna.id, members: [anna.id, boris.id] });
    const members = ask(server, 'GET', `/groups/${group.id}/members${slash}`, { token: boris.token });
    expect(await expectAnswer(members, 200, MemberIds)).toEqual([anna.id, boris.id]);
  });
});

describe('HT1 members', () => {
  test('HT1 any member adds others; one who is in already stays, and nothing changes', async () => {
    const group = await createGroup(server, anna, [boris]);
    expect(await member('POST', boris, group, vera.id)).toEqual({ status: 204, body: '' });
    expect((await get(vera, group.id)).members).toEqual([anna.id, boris.id, vera.id]);
    const before = await chatAsSeen(group);
    expect(await member('POST', vera, group, boris.id)).toEqual({ status: 204, body: '' });
    expect(await chatAsSeen(group)).toEqual(before);
  });

  test('HT1 nobody adds from outside, nor a user that does not exist', async () => {
    const group = await createGroup(server, anna);
    expect(await member('POST', outsider, group, outsider.id)).toMatchObject(refused(404, 'chat_not_found'));
    expect(await member('POST', anna, group, 999_999)).toMatchObject(refused(404, 'user_not_found'));
  });

  test('HT1 the creator removes others; who was removed finds the chat no more, and can be added again', async () => {
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, anna, group.id, 'hello');
    expect(await member('DELETE', anna, group, boris.id)).toEqual({ status: 204, body: '' });
    expect((await get(anna, group.id)).members).toEqual([anna.id]);
    for (const path of [`/chats/${group.id}`, `/groups/${group.id}`, `/messages/history/${group.id}`]) {
      expect(await ask(server, 'GET', path, { token: boris.token })).toMatchObject(refused(404, 'chat_not_found'));
    }
    expect(await member('POST', anna, group, boris.id)).toMatchObject({ status: 204 });
    expect(await ask(server, 'GET', `/chats/${group.id}`, { token: boris.token })).toMatchObject({
      status: 200,
      body: { unread_count: 0, last_message: { text: 'hello' } },
    });
  });

  test('HT1 a member who is not the creator removes nobody but themself', async () => {
    const group = await createGroup(server, anna, [boris, vera]);
    expect(await member('DELETE', boris, group, vera.id)).toMatchObject(refused(403, 'forbidden'));
    expect(await member('DELETE', boris, group, boris.id)).toMatchObject({ status: 204 });
    expect(await member('DELETE', vera, group, 'me')).toMatchObject({ status: 204 });
    expect((await get(anna, group.id)).members).toEqual([anna.id]);
    expect(await member('DELETE', anna, group, vera.id)).toMatchObject(refused(404, 'member_not_found'));
    expect(await member('DELETE', vera, group, 'me')).toMatchObject(refused(404, 'chat_not_found'));
  });

  test('HT1 the creator is never removed, by nobody, and cannot leave', async () => {
    const group = await createGroup(server, anna, [boris]);
    expect(await member('DELETE', boris, group, anna.id)).toMatchObject(refused(403, 'creator_stays'));
    expect(await member('DELETE', anna, group, anna.id)).toMatchObject(refused(403, 'creator_stays'));
    const leaving = await member('DELETE', anna, group, 'me');
    expect(leaving).toMatchObject(refused(403, 'creator_stays'));
    expect(leaving.body).toMatchObject({
      detail: expect.stringContaining(`PATCH /groups/${group.id} with creator_id`),
    });
  });

  test('HT1 the group handed over to another member, the former creator may leave', async () => {
    const group = await createGroup(server, anna, [boris]);
    expect(await change(boris, group, { creator_id: boris.id })).toMatchObject(refused(403, 'forbidden'));
    expect(await change(anna, group, { creator_id: vera.id })).toMatchObject(refused(404, 'member_not_found'));
    expect(await change(anna, group, { creator_id: boris.id })).toMatchObject({
      status: 200,
      body: { creator_id: boris.id, members: [anna.id, boris.id] },
    });
    expect(await change(anna, group, { name: 'Mine again' })).toMatchObject(refused(403, 'forbidden'));
    expect(await member('DELETE', anna, group, boris.id)).toMatchObject(refused(403, 'creator_stays'));
    expect(await member('DELETE', anna, group, 'me')).toMatchObject({ status: 204 });
    expect(await get(boris, group.id)).toMatchObject({ creator_id: boris.id, members: [boris.id] });
  });

  test('HT1 the creator renames the group; a name without characters is refused', async () => {
    const group = await createGroup(server, anna, [boris]);
    expect(await change(anna, group, { name: ' Новое имя 👨‍👩‍👧 ' })).toMatchObject({ body: { name: 'Новое имя 👨‍👩‍👧' } });
    expect(await change(boris, group, { name: 'His' })).toMatchObject(refused(403, 'forbidden'));
    for (const name of ['', '   ', 'a\nb', 'x'.repeat(101)]) {
      expect(await change(anna, group, { name })).toMatchObject(refused(422, 'invalid_input'));
    }
    expect(await get(boris, group.id)).toMatchObject({ name: 'Новое имя 👨‍👩‍👧' });
  });

  test('HT1 a personal chat is no group: it has no members to add or remove', async () => {
    const chat = await openChat(server, anna, boris);
    const path = `/groups/${chat.id}`;
    const attempts = [
      ask(server, 'GET', path, { token: anna.token }),
      ask(server, 'PATCH', path, { token: anna.token, json: { name: 'x' } }),
      ask(server, 'POST', `${path}/members/${vera.id}`, { token: anna.token }),
      ask(server, 'DELETE', `${path}/members/${boris.id}`, { token: anna.token }),
      ask(server, 'DELETE', `${path}/members/me`, { token: anna.token }),
    ];
    for (const attempt of attempts) expect(await attempt).toMatchObject(refused(404, 'chat_not_found'));
  });
});

async function chatAsSeen(group: Group): Promise<unknown> {
  const { body } = await ask(server, 'GET', `/chats/${group.id}`, { token: anna.token });
  return body;
}
