/** Where the bytes of a file lie in the store. */
export function keysOf(fileId: string): { uploaded: string; image: string; thumbnail: string } {
  return { uploaded: fileId, image: `${fileId}.image`, thumbnail: `${fileId}.small` };
}
