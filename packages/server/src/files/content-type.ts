import { fileTypeFromBuffer } from 'file-type';

/** Bytes from the beginning by which a file is known. */
export const HEAD_BYTES = 64 * 1024;

/** What is not known here: bytes, and nothing that a browser would show. */
export const UNKNOWN = 'application/octet-stream';

/** Images that are shown as such; each is made anew from its pixels, so it is nothing else besides. */
const IMAGES = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

/** What browsers play, and run nothing of. */
const PLAYED = new Set([
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'video/ogg',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/wav',
  'audio/flac',
  'audio/x-flac',
]);

/** What a file is by how it begins; its name is not asked. */
export async function typeByContent(head: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  return found?.mime.split(';')[0] ?? UNKNOWN;
}

export function isImage(type: string): boolean {
  return IMAGES.has(type);
}

/** Whether a browser may show it in its place; all else is saved. */
export function isShown(type: string): boolean {
  return IMAGES.has(type) || PLAYED.has(type);
}
