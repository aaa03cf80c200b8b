import { FILE_NAME_LENGTH } from '@beseda/protocol/limits.ts';

/** Characters of an ending that is kept when a name is cut, with its dot. */
const MAX_ENDING = 20;

/**
 * A file's name as it is told to others: without the path before it, and without characters that nobody sees and that
 * could disguise it (a right-to-left mark makes `gpj.exe` of `exe.jpg`). It names nothing on the server.
 */
export function cleanFileName(given: string): string {
  const base = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  const name = base.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  if (/^\.*$/.test(name)) return 'file';
  const characters = Array.from(name);
  if (characters.length <= FILE_NAME_LENGTH.max) return name;
  const dot = characters.lastIndexOf('.');
  const ending = dot > 0 && characters.length - dot <= MAX_ENDING ? characters.slice(dot) : [];
  return [...characters.slice(0, FILE_NAME_LENGTH.max - ending.length), ...ending].join('');
}
