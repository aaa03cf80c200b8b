import { FileLinks } from '@beseda/protocol/files.ts';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { beginUpload, readBytes, sendFiles, sendPart, uploadFile } from '../testing/file-uploads.ts';
import { CAMERA_WORDS, looksOf, photo } from '../testing/pictures.ts';
import { connectSynced } from '../testing/synced-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let chatId: number;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 });
  [anna, boris] = await Promise.all([signUp(server, 'anna'), signUp(server, 'boris')]);
  chatId = (await openChat(server, anna, boris)).id;
});
afterAll(async () => {
  await server.stop();
});

describe('FL1 uploading', () => {
  test('FL1 a file comes in parts, each told with how much is here, and is whole with the last', async () => {
    const bytes = randomBytes(300_000);
    const { id, offset, file } = await beginUpload(server, anna, 'noise.bin', bytes.length);
    expect([offset, file]).toEqual([0, null]);
    expect(await sendPart(server, anna, id, 0, bytes.subarray(0, 100_000))).toMatchObject({
      status: 200,
      body: { offset: 100_000, file: null },
    });
    expect((await ask(server, 'GET', `/files/${id}`, { token: anna.token })).body).toMatchObject({ offset: 100_000 });
    expect(await sendPart(server, anna, id, 100_000, bytes.subarray(100_000))).toMatchObject({
      body: { offset: 300_000, file: { id, name: 'noise.bin', size: 300_000, type: 'application/octet-stream' } },
    });
    const read = await readBytes(server, `/files/${id}/content`, { token: anna.token });
    expect(read.bytes.equals(bytes)).toBe(true);
  });

  test('FL1 bytes that go on from elsewhere are refused, and those that are here stay', async () => {
    const { id } = await beginUpload(server, anna, 'a', 10);
    await sendPart(server, anna, id, 0, Buffer.from('01234'));
    for (const offset of [0, 4, 6, 10]) {
      expect(await sendPart(server, anna, id, offset, Buffer.from('x'))).toMatchObject({
        status: 409,
        body: { code: 'wrong_offset' },
      });
    }
    expect(await sendPart(server, anna, id, 5, Buffer.from('56789 and more'))).toMatchObject({
      status: 413,
      body: { code: 'file_too_large' },
    });
    await sendPart(server, anna, id, 5, Buffer.from('56789'));
    const { bytes } = await readBytes(server, `/files/${id}/content`, { token: anna.token });
    expect(bytes.toString()).toBe('0123456789');
    expect((await sendPart(server, anna, id, 10, Buffer.from('x'))).status).toBe(409);
  });
});

describe('FL2 messages with files', () => {
  test('FL2 an image is told with its size, a preview and no word of the camera, wherever its message is told', async () => {
    const file = await uploadFile(server, anna, 'IMG_1.jpg', await photo());
    // Turned upright.
    expect(file).toMatchObject({ name: 'IMG_1.jpg', type: 'image/jpeg', width: 400, height: 600 });
    const socket = await connectSynced(server, boris);
    const message = await sendFiles(server, anna, chatId, [file.id]);
    expect(message).toMatchObject({ text: '', files: [file] });
    expect(await socket.next(({ type }) => type === 'message')).toMatchObject({ id: message.id, files: [file] });

    const tokens = { token: boris.token };
    const history = await ask(server, 'GET', `/messages/history/${chatId}?limit=1`, tokens);
    expect(history.body).toMatchObject([{ id: message.id, files: [file] }]);
    const { body: inbox } = await ask(server, 'GET', '/chats/', tokens);
    expect(inbox).toMatchObject({ chats: [{ last_message: { files: [file] } }] });
    const { body: changes } = await ask(server, 'GET', `/chats/${chatId}/changes?since=0`, tokens);
    expect(changes).toMatchObject({ changes: expect.arrayContaining([expect.objectContaining({ files: [file] })]) });
    expect((await ask(server, 'GET', `/messages/${chatId}/${message.id}`, tokens)).body).toMatchObject({
      files: [file],
    });

    const { bytes, headers } = await readBytes(server, `/files/${file.id}/content`, tokens);
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(bytes.length).toBe(file.size);
    expect(bytes.toString('latin1')).not.toContain(CAMERA_WORDS);
    expect(await looksOf(bytes)).toMatchObject({ format: 'jpeg', turned: false });
    const small = await readBytes(server, `/files/${file.id}/thumbnail`, tokens);
    expect(await looksOf(small.bytes)).toMatchObject({ format: 'webp' });
    expect((await looksOf(Buffer.from(file.preview ?? '', 'base64'))).width).toBeLessThan(21);
  });

  test('FL2 what is not one’s own, not whole or sent already is sent by nobody, and the message is not either', async () => {
    const hers = await uploadFile(server, anna, 'hers.txt', Buffer.from('hers'));
    const { id: unfinished } = await beginUpload(server, anna, 'half.txt', 10);
    const send = async (person: Person, files: string[], text = 'with files') =>
      ask(server, 'POST', `/messages/${chatId}/send`, { token: person.token, json: { text, files } });
    const before = (await sendText(server, anna, chatId, 'before')).id;
    for (const [person, files, status, code] of [
      [boris, [hers.id], 404, 'file_not_found'],
      [anna, [unfinished], 409, 'file_unfinished'],
      [anna, ['5f0c1c1e-3d0e-4a7e-9a55-7f5d7e0b2a91'], 404, 'file_not_found'],
      [anna, [hers.id, hers.id], 422, 'invalid_input'],
      [anna, ['../../etc/passwd'], 422, 'invalid_input'],
      [anna, Array.from({ length: 11 }, () => crypto.randomUUID()), 422, 'invalid_input'],
      [anna, [], 422, 'invalid_input'],
    ] as const) {
      expect(await send(person, [...files], files.length === 0 ? '' : 'x')).toMatchObject({ status, body: { code } });
    }
    expect((await send(anna, [hers.id, hers.id.toUpperCase()])).status).toBe(201);
    expect(await send(anna, [hers.id])).toMatchObject({ status: 404, body: { code: 'file_not_found' } });
    expect((await sendText(server, anna, chatId, 'after')).id).toBe(before + 2);
  });

  test('FL2 a send that is repeated by its client_id answers with the first message and its files', async () => {
    const { id } = await uploadFile(server, anna, 'once.txt', Buffer.from('once'));
    const json = { text: '', files: [id], client_id: crypto.randomUUID() };
    const send = async () => ask(server, 'POST', `/messages/${chatId}/send`, { token: anna.token, json });
    const [first, again] = [await send(), await send()];
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ files: [{ id }] });
  });
});

describe('FL3 who may see a file', () => {
  test('FL3 its uploader until it is sent, then whoever is in the chat at that moment', async () => {
    const vera = await signUp(server, 'vera');
    const group = await createGroup(server, anna, [boris, vera]);
    const { id } = await uploadFile(server, boris, 'secret.txt', Buffer.from('secret'));
    const seenBy = async (people: Person[]) =>
      Promise.all(people.map(async ({ token }) => (await readBytes(server, `/files/${id}/content`, { token })).status));
    const all = [anna, boris, vera];
    expect(await seenBy(all)).toEqual([404, 200, 404]);
    await sendFiles(server, boris, group.id, [id]);
    expect(await seenBy(all)).toEqual([200, 200, 200]);
    for (const person of [vera, boris]) {
      await ask(server, 'DELETE', `/groups/${group.id}/members/${person.id}`, { token: anna.token });
    }
    expect(await seenBy(all)).toEqual([200, 404, 404]);
  });

  test('FW1 forwarding gives the files on to whom they go, and they outlive the message that they came with', async () => {
    const vera = await signUp(server, 'vera');
    const [from, to] = [await createGroup(server, boris, [anna]), await openChat(server, anna, vera)];
    const { id } = await uploadFile(server, boris, 'plan.txt', Buffer.from('plan'));
    const sent = await sendFiles(server, boris, from.id, [id]);
    const ofVera = async () => readBytes(server, `/files/${id}/content`, { token: vera.token });
    expect((await ofVera()).status).toBe(404);
    const json = { chat_id: from.id, messages: [{ id: sent.id }], chat_ids: [to.id] };
    const forwarded = await ask(server, 'POST', '/messages/forward', { token: anna.token, json });
    expect(forwarded).toMatchObject({
      status: 201,
      body: { messages: [{ text: '', files: [{ id, name: 'plan.txt' }], forwarded_from: { sender_id: boris.id } }] },
    });
    expect((await ofVera()).bytes.toString()).toBe('plan');
    await ask(server, 'DELETE', `/messages/${from.id}/${sent.id}`, { token: boris.token });
    expect((await ofVera()).bytes.toString()).toBe('plan');
    // Nobody sends as their own what they have only been sent.
    const stolen = { token: vera.token, json: { text: 'x', files: [id] } };
    expect(await ask(server, 'POST', `/messages/${to.id}/send`, stolen)).toMatchObject({
      status: 404,
      body: { code: 'file_not_found' },
    });
    await ask(server, 'DELETE', `/messages/${to.id}/1`, { token: anna.token });
    expect((await ofVera()).status).toBe(404);
  });

  test('FL3 a link is good for one file and one session, and for as long as its user may see the file', async () => {
    const one = await uploadFile(server, anna, 'one.txt', Buffer.from('one'));
    const two = await uploadFile(server, anna, 'two.txt', Buffer.from('two'));
    const linksOf = async ({ token }: Person, fileIds: string[]) => {
      const asked = ask(server, 'POST', '/files/links', { token, json: { file_ids: fileIds } });
      return (await expectAnswer(asked, 200, FileLinks)).links.map(({ content }) => content);
    };
    const [hers = ''] = await linksOf(anna, [one.id]);
    expect((await readBytes(server, hers)).bytes.toString()).toBe('one');
    // For the same hour it is the same, so that a browser that has the file knows it again.
    expect(await linksOf(anna, [one.id])).toEqual([hers]);
    const elsewhere = hers.replace(one.id, two.id);
    const forged = hers.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const later = hers.replace(/(\d{10})(?=\.[\w-]{43}$)/, (until) => `${Number(until) + 1}`);
    for (const link of [elsewhere, forged, later, hers.split('?')[0] ?? '', `${hers}x`]) {
      expect((await readBytes(server, link)).status).toBe(401);
    }
    const [his = ''] = await linksOf(boris, [one.id]);
    expect((await readBytes(server, his)).status).toBe(404);

    const leaving = await signUp(server, 'leaving');
    const kept = await uploadFile(server, leaving, 'kept.txt', Buffer.from('kept'));
    const [link = ''] = await linksOf(leaving, [kept.id]);
    await ask(server, 'POST', '/auth/logout', { token: leaving.token });
    expect((await readBytes(server, link)).status).toBe(401);
  });

  test('FL3 a part of a file is read by Range, and what a browser has it is not sent again', async () => {
    const { id } = await uploadFile(server, anna, 'digits.txt', Buffer.from('0123456789'));
    const read = async (headers: Record<string, string>) =>
      readBytes(server, `/files/${id}/content`, { token: anna.token, headers });
    for (const [range, status, text, told] of [
      ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
      ['bytes=7-', 206, '789', 'bytes 7-9/10'],
      ['bytes=-3', 206, '789', 'bytes 7-9/10'],
      ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
      ['bytes=10-', 416, '', 'bytes */10'],
      ['bytes=0-1,3-4', 200, '0123456789', null],
      ['lines=1-2', 200, '0123456789', null],
    ] as const) {
      const { status: got, bytes, headers } = await read({ range });
      expect([range, got, bytes.toString(), headers.get('content-range')]).toEqual([range, status, text, told]);
    }
    const etag = (await read({})).headers.get('etag') ?? '';
    expect(await read({ 'if-none-match': etag })).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
  });
});

/** What lies on the disk of a file. */
async function stored(of: TestServer, fileId: string): Promise<string[]> {
  const names = await readdir(join(of.dataDir, 'files', fileId.slice(0, 2))).catch(() => []);
  return names.filter((name) => name.startsWith(fileId));
}

describe('FL4 what becomes of the bytes', () => {
  test('FL4 with its message a file is out of reach at once, and off the disk within a minute', async () => {
    const file = await uploadFile(server, anna, 'gone.jpg', await photo());
    const { id } = await sendFiles(server, anna, chatId, [file.id], 'look');
    expect(await stored(server, file.id)).toHaveLength(2);
    await ask(server, 'DELETE', `/messages/${chatId}/${id}`, { token: anna.token });
    expect((await ask(server, 'GET', `/messages/${chatId}/${id}`, { token: anna.token })).body).toMatchObject({
      files: [],
    });
    expect((await readBytes(server, `/files/${file.id}/content`, { token: anna.token })).status).toBe(404);
    server.clock.advance(60);
    await expect.poll(async () => stored(server, file.id)).toEqual([]);
  });

  test('FL4 what nobody has sent for a day goes, and what was taken back; what was sent stays', async () => {
    const own = await startTestServer({ accessTokenLifetime: 365 * 86_400, refreshTokenLifetime: 365 * 86_400 });
    const [carol, dave] = [await signUp(own, 'carol'), await signUp(own, 'dave')];
    const chat = await openChat(own, carol, dave);
    const sent = await uploadFile(own, carol, 'sent.txt', Buffer.from('sent'));
    await sendFiles(own, carol, chat.id, [sent.id]);
    const unsent = await uploadFile(own, carol, 'unsent.txt', Buffer.from('unsent'));
    const half = await beginUpload(own, carol, 'half.txt', 10);
    await sendPart(own, carol, half.id, 0, Buffer.from('half'));
    const back = await uploadFile(own, carol, 'back.txt', Buffer.from('back'));
    expect((await ask(own, 'DELETE', `/files/${back.id}`, { token: carol.token })).status).toBe(204);
    expect((await ask(own, 'DELETE', `/files/${sent.id}`, { token: carol.token })).status).toBe(404);
    own.clock.advance(60);
    await expect.poll(async () => stored(own, back.id)).toEqual([]);
    expect(await stored(own, unsent.id)).toHaveLength(1);
    own.clock.advance(86_400);
    const minuteLater = async (): Promise<string[][]> => {
      own.clock.advance(60);
      return Promise.all([stored(own, unsent.id), stored(own, half.id)]);
    };
    await expect.poll(minuteLater).toEqual([[], []]);
    expect(await stored(own, sent.id)).toHaveLength(1);
    await own.stop();
  });

  test('FL4 past what is allowed nothing is begun: for one file, for a user, for the server', async () => {
    const small = await startTestServer({ fileSizeLimit: 100, userFilesLimit: 150, allFilesLimit: 250 });
    const people = await Promise.all([signUp(small), signUp(small)]);
    const begin = async ({ token }: Person, size: number) =>
      ask(small, 'POST', '/files/', { token, json: { name: 'a', size } });
    const [one, two] = people;
    expect(await begin(one, 101)).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
    // However many ask at once.
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await begin(one, 50)).status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 201, 201, 422, 422]);
    expect(await begin(one, 1)).toMatchObject({ status: 422, body: { code: 'quota_exceeded' } });
    expect((await begin(two, 100)).status).toBe(201);
    expect(await begin(two, 1)).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    const { body } = await ask(small, 'GET', '/config');
    expect(body).toMatchObject({ files: { max_size: 100, max_per_message: 10, user_quota: 150 } });
    await small.stop();
  });

  test('FL4 a disk that is full is told as that, and the upload goes on once there is room', async () => {
    const { id } = await beginUpload(server, anna, 'large.bin', 10);
    const folder = join(server.dataDir, 'files', id.slice(0, 2));
    await mkdir(folder, { recursive: true });
    // What is written there, the kernel answers as a full disk does.
    await symlink('/dev/full', join(folder, id));
    expect(await sendPart(server, anna, id, 0, Buffer.from('0123456789'))).toMatchObject({
      status: 507,
      body: { code: 'storage_full', retry_after: 60 },
    });
    await rm(join(folder, id));
    expect((await sendPart(server, anna, id, 0, Buffer.from('0123456789'))).body).toMatchObject({ file: { size: 10 } });
  });
});
