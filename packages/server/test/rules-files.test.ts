import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, openChat, signUp, type Person } from '../testing/api-client.ts';
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
});
