import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isShown, UNKNOWN } from '../files/content-type.ts';
import type { Content } from '../files/contents.ts';
import { byteRange } from './byte-range.ts';

/**
 * What browsers are told of every file: that it is what its type says and nothing else, and that a page of it, if it
 * were one, may do nothing and belongs to nobody.
 */
const FILE_GUARDS = {
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'x-content-type-options': 'nosniff',
  // It is kept by the browser of whoever has seen it, and asked for again each time: leave may have ended.
  'cache-control': 'private, no-cache',
  'accept-ranges': 'bytes',
};

/** Sends a file, or the part of it that is asked for; nothing of it where the browser has it already. */
export async function sendContent(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, type, size, read }: Content,
  etag: string,
): Promise<FastifyReply> {
  const shown = isShown(type);
  void reply.headers({
    ...FILE_GUARDS,
    etag,
    'content-disposition': contentDisposition(name, { type: shown ? 'inline' : 'attachment' }),
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const range = byteRange(request.headers.range, size);
  if (range === 'outside') {
    return reply
      .code(416)
      .headers({ 'content-range': `bytes */${size}`, 'content-length': 0 })
      .send();
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range !== undefined) void reply.code(206).header('content-range', `bytes ${first}-${last}/${size}`);
  // Set past Fastify, which would add a charset to what is no text.
  return reply
    .headers({ 'content-type': shown ? type : UNKNOWN, 'content-length': last - first + 1 })
    .send(read(first, last));
}
