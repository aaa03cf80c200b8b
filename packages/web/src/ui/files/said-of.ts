import type { MessageFile } from '@beseda/protocol/files.ts';
import { oneLine } from '../../state/chat-list.ts';
import { summaryOf, type FilesSummary } from '../../state/file-looks.ts';
import type { Words } from '../../words/en.ts';

/** A message in one line: its text, or what it has of files. */
export function saidOf(
  words: Words,
  { text, files }: { text: string; files: readonly MessageFile[] },
  hidden?: string,
): string {
  const summary = text === '' ? summaryOf(files) : undefined;
  return summary === undefined ? oneLine(text, hidden) : filesText(words, summary);
}

export function filesText(words: Words, { kind, count, name }: FilesSummary): string {
  return words.fileSummary[kind](count, name);
}
