import type { MessageFile } from '@beseda/protocol/files.ts';

/** How a file is shown: images and videos as such, sound with its controls, all else as a line with its name. */
export type FileLook = 'image' | 'video' | 'audio' | 'file';

export function lookOf({ type, width }: Pick<MessageFile, 'type' | 'width'>): FileLook {
  if (width !== null) return 'image';
  // What the server does not know for sure, it sends to be saved.
  if (/^video\/(mp4|webm|quicktime|ogg)$/.test(type)) return 'video';
  if (/^audio\/(mpeg|mp4|x-m4a|aac|ogg|opus|wav|flac|x-flac)$/.test(type)) return 'audio';
  return 'file';
}

/** What a message is in one line that has files and no text. */
export type FilesSummary = { kind: 'images' | 'videos' | 'sounds' | 'files'; count: number; name: string };

/** Undefined: there are none. */
export function summaryOf(files: readonly MessageFile[]): FilesSummary | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const looks = new Set(files.map(lookOf));
  const [look = 'file'] = looks;
  const kinds = { image: 'images', video: 'videos', audio: 'sounds', file: 'files' } as const;
  return { kind: looks.size === 1 ? kinds[look] : 'files', count: files.length, name: first.name };
}

/** What a lone image is shown at, at most, in pixels; on narrow screens it is narrower, in the same proportion. */
export const IMAGE_ROOM = { width: 400, height: 400 } as const;

/** Narrower ones are widened to this, and what is past their frame is cut off: words and buttons need the room. */
const LEAST = { width: 140, height: 90 } as const;

/** The room that an image takes, in pixels; reserved before it is there. */
export function imageRoom({ width, height }: Pick<MessageFile, 'width' | 'height'>): { width: number; height: number } {
  const [w, h] = [width ?? 1, height ?? 1];
  const scale = Math.min(1, IMAGE_ROOM.width / w, IMAGE_ROOM.height / h);
  return {
    width: Math.round(Math.max(LEAST.width, w * scale)),
    height: Math.round(Math.max(LEAST.height, h * scale)),
  };
}

/** How many images stand in each row of an album, by how many there are in all. */
const ROWS: Record<number, readonly number[]> = {
  1: [1],
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [2, 2, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [2, 2, 3, 3],
};

/** The rows of an album: the first image of each, and how many there are in it. */
export function albumRows(images: number): { start: number; count: number }[] {
  const counts = ROWS[images] ?? Array.from({ length: Math.ceil(images / 3) }, () => 3);
  return counts.map((count, row) => ({ start: counts.slice(0, row).reduce((sum, before) => sum + before, 0), count }));
}

/** The height of an album of this width, in pixels. */
export function albumHeight(images: number, width: number): number {
  return albumRows(images).reduce((sum, { count }) => sum + width / Math.max(2, count), 0);
}
