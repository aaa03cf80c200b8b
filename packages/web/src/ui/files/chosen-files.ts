import type { ChosenFile } from '../../state/file-uploads.ts';

/** Files that one has chosen, pasted or dropped; folders, which have no bytes, and empty ones are left out. */
export function chosenFiles(files: Iterable<File>): ChosenFile[] {
  return [...files].filter(({ size }) => size > 0).map(asChosen);
}

/** The files that are pasted or dropped. */
export function filesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}

function asChosen(file: File): ChosenFile {
  const { name, size, type } = file;
  const chosen: ChosenFile = {
    name,
    size,
    type,
    read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
  };
  pictures.set(chosen, file);
  return chosen;
}

/** What of them can be shown before they are anywhere but here. */
const pictures = new WeakMap<ChosenFile, File>();

/** An address for a chosen image within this page; undefined of what is none. Whoever asks lets it go. */
export function pictureOf(chosen: ChosenFile): string | undefined {
  const file = pictures.get(chosen);
  // Of other formats a page could be made.
  const isImage = /^image\/(png|jpeg|webp|gif|avif)$/.test(chosen.type);
  return file !== undefined && isImage ? URL.createObjectURL(file) : undefined;
}
