/**
 * Puts a text on the clipboard. Pages without TLS have no clipboard of their own: there the text is selected in a field
 * of its own and copied as a person would.
 *
 * @throws Error where the browser does not let it.
 */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hidden';
  // Within a dialog that keeps the focus, too.
  (document.activeElement?.parentElement ?? document.body).append(field);
  const before = document.activeElement;
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error('the browser did not let the text be copied');
}
