/** Has the browser keep something as a file, as if it were a link that one follows. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it up by now, and holds it as long as it needs.
  URL.revokeObjectURL(address);
}
