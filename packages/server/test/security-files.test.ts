import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deflateSync, crc32 } from 'node:zlib';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, openChat, signUp, type Person } from '../testing/api-client.ts';
import { beginUpload, readBytes, sendFiles, sendPart, uploadFile } from '../testing/file-uploads.ts';
import { looksOf, photo, plainImage } from '../testing/pictures.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let mallory: Person;
let chatId: number;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris, mallory] = await Promise.all([signUp(server), signUp(server), signUp(server)]);
  chatId = (await openChat(server, anna, boris)).id;
});
afterAll(async () => {
  await server.stop();
});

async function head(fileId: string, { token }: Person = anna): Promise<Record<string, string | null>> {
  const { headers } = await readBytes(server, `/files/${fileId}/content`, { token });
  const names = ['content-type', 'content-disposition', 'x-content-type-options', 'content-security-policy'];
  return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
}

describe('case 4: files of others', () => {
  test('a file of another chat answers exactly as one that does not exist, whatever is asked of it', async () => {
    const { id: unsent } = await uploadFile(server, anna, 'a.jpg', await photo());
    const { id: sent } = await uploadFile(server, anna, 'b.jpg', await photo());
    await sendFiles(server, anna, chatId, [sent]);
    const none = crypto.randomUUID();
    for (const id of [unsent, sent]) {
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/content'],
        ['GET', '/thumbnail'],
      ] as const) {
        const [real, made] = await Promise.all([
          ask(server, method, `/files/${id}${path}`, { token: mallory.token }),
          ask(server, method, `/files/${none}${path}`, { token: mallory.token }),
        ]);
        expect([real.status, JSON.stringify(real.body).replaceAll(id, '')]).toEqual([
          404,
          JSON.stringify(made.body).replaceAll(none, ''),
        ]);
      }
      expect((await sendPart(server, mallory, id, 0, Buffer.from('x'))).status).toBe(404);
    }
  });
});

describe('case 10: what is one thing and looks like another', () => {
  test.each([
    ['page.html', '<!doctype html><script>alert(1)</script>'],
    ['image.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['image.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['photo.jpg', '<html><body onload=alert(1)>'],
    ['film.mp4', 'alert(1)//'],
    ['document.pdf', '%PDF-1.7\n%âãÏÓ\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj'],
  ])('%s that holds %s is saved as bytes, and run by nobody', async (name, text) => {
    const { id, width } = await uploadFile(server, anna, name, Buffer.from(text));
    expect(width).toBeNull();
    const headers = await head(id);
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' });
    expect(headers['content-disposition']).toMatch(/^attachment; /);
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  });

  test('an image with a page or a program behind its end is kept as the image alone', async () => {
    const page = Buffer.from('<script>alert(document.domain)</script>');
    const bytes = Buffer.concat([await plainImage('png'), page, await plainImage('gif'), page]);
    const { id, type } = await uploadFile(server, anna, 'both.png.html', bytes);
    expect(type).toBe('image/png');
    const read = await readBytes(server, `/files/${id}/content`, { token: anna.token });
    expect(await looksOf(read.bytes)).toMatchObject({ format: 'png', width: 64 });
    expect(read.bytes.toString('latin1')).not.toContain('script');
    expect((await head(id))['content-security-policy']).toMatch(/^sandbox/);
  });

  test('an image that cannot be read, and one of a kind that is not shown, are files like any other', async () => {
    const broken = (await photo()).subarray(0, 900);
    for (const [name, bytes] of [
      ['broken.jpg', broken],
      ['scan.tiff', await plainImage('tiff')],
    ] as const) {
      const { id, width, preview } = await uploadFile(server, anna, name, bytes);
      expect([width, preview]).toEqual([null, null]);
      expect((await head(id))['content-disposition']).toMatch(/^attachment/);
    }
  });
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A PNG of one grey plane that says it is so large, and holds rows of zeros, which deflate to nearly nothing. */
function pngBomb(width: number, height: number, rows: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc((width + 1) * rows), { level: 9 });
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

describe('case 20: images that are larger than they look', () => {
  test.each([
    ['says that it has 2^31 pixels on a side', pngBomb(2_147_483_647, 2_147_483_647, 0)],
    ['has 900 million pixels in a few bytes', pngBomb(30_000, 30_000, 100)],
    ['has 64 million pixels, all of which are there', pngBomb(8000, 8000, 8000)],
  ])('one that %s is refused or kept unread, and the server lives', async (_what, bytes) => {
    expect(bytes.length).toBeLessThan(200_000);
    const { id } = await beginUpload(server, anna, 'bomb.png', bytes.length);
    const { status, body } = await sendPart(server, anna, id, 0, bytes);
    expect([status, Object(body).code ?? Object(body).file?.width]).toEqual(
      status === 200 ? [200, null] : [422, 'image_too_large'],
    );
    expect((await ask(server, 'GET', '/healthz')).status).toBe(200);
    const good = await uploadFile(server, anna, 'good.jpg', await photo());
    expect(good.width).toBe(400);
  });
});

describe('case 21: names that lead elsewhere', () => {
  test.each([
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['/etc/cron.d/root', 'root'],
    ['..', 'file'],
    ['.', 'file'],
    ['a/', 'file'],
    [`${'a'.repeat(400)}.jpeg`, `${'a'.repeat(250)}.jpeg`],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['a\r\nSet-Cookie: b=c.txt', 'aSet-Cookie: b=c.txt'],
    ['quote".txt', 'quote".txt'],
    ['план «на лето».txt', 'план «на лето».txt'],
  ])('%j is told as %j, and is no place on the disk', async (given, told) => {
    const file = await uploadFile(server, anna, given, Buffer.from('text'));
    expect(file.name).toBe(told);
    const { 'content-disposition': disposition } = await head(file.id);
    expect(disposition).toMatch(/^attachment; filename=[ -~]+$/);
    const names = await readdir(join(server.dataDir, 'files', file.id.slice(0, 2)));
    expect(names).toContain(file.id);
    for (const name of names) expect(name).toMatch(/^[\da-f-]{36}(\.image|\.small)?$/);
  });

  test('an id that is a path is no id', async () => {
    for (const id of ['..%2f..%2fsecret.key', 'a', '00000000-0000-0000-0000-00000000000g']) {
      for (const path of ['', '/content', '/thumbnail']) {
        const { status } = await ask(server, 'GET', `/files/${id}${path}`, { token: anna.token });
        expect([id, status]).toEqual([id, 422]);
      }
    }
  });
});
