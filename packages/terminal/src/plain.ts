/**
 * Text of others made harmless for a terminal: whatever is not to be seen (control characters, which could move the
 * cursor or set the window's title, and marks that turn the direction of writing) is shown as �, line breaks as ⏎.
 */
export function plain(text: string): string {
  return text
    .replaceAll(/\r\n|\r|\n|\u2028|\u2029/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '�');
}
