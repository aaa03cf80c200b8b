import { Upload, type MessageFile } from '@beseda/protocol/files.ts';
import { Message } from '@beseda/protocol/messages.ts';
import { ask, expectAnswer, type Answer, type Person } from './api-client.ts';

interface Place {
  url: string;
}

/** One part of an upload. */
export async function sendPart(
  server: Place,
  { token }: Pick<Person, 'token'>,
  fileId: string,
  offset: number,
  bytes: Uint8Array,
): Promise<Answer> {
  return ask(server, 'PATCH', `/files/${fileId}`, {
    token,
    raw: new Uint8Array(bytes),
    headers: { 'upload-offset': `${offset}`, 'content-type': 'application/octet-stream' },
  });
}

export async function beginUpload(server: Place, { token }: Person, name: string, size: number): Promise<Upload> {
  return expectAnswer(ask(server, 'POST', '/files/', { token, json: { name, size } }), 201, Upload);
}

/** Uploads a file in one part; it is whole then. */
export async function uploadFile(server: Place, owner: Person, name: string, bytes: Uint8Array): Promise<MessageFile> {
  const { id } = await beginUpload(server, owner, name, bytes.length);
  const { file } = await expectAnswer(sendPart(server, owner, id, 0, bytes), 200, Upload);
  if (file === null) throw new Error(`the file ${name} is not whole`);
  return file;
}

export async function sendFiles(
  server: Place,
  sender: Person,
  chatId: number,
  files: readonly string[],
  text = '',
): Promise<Message> {
  const answer = ask(server, 'POST', `/messages/${chatId}/send`, { token: sender.token, json: { text, files } });
  return expectAnswer(answer, 201, Message);
}

/** The bytes at an address below `/api/v1`, or at a link. */
export async function readBytes(
  server: Place,
  path: string,
  { token, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const url = `${server.url}${path.startsWith('/api') ? '' : '/api/v1'}${path}`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers: { ...authorization, ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}
