import type { ConversationView } from '../../state/conversation-view.ts';
import { FOLDED_LEAST, FOLDED_LINES } from '../../state/folding.ts';
import { albumHeight, IMAGE_ROOM, imageRoom, lookOf } from '../../state/file-looks.ts';
import type { Item, MessageItem } from '../../state/timeline.ts';

/** Above the first item, in pixels. */
export const PADDING_START = 16;

/** What is new begins at the top, a message that was asked for is in the middle. */
export function alignOf({ openAt }: ConversationView): 'start' | 'center' {
  return openAt === 'new' ? 'start' : 'center';
}

/** Where it is likely to begin, in pixels: rows around there are the first to be laid out. */
export function beginOffset(view: ConversationView): number {
  const index = view.items.findIndex(({ key }) => key === view.openAt);
  const before = index < 0 ? view.items : view.items.slice(0, index);
  const offset = before.reduce((sum, item) => sum + estimate(item), PADDING_START);
  return alignOf(view) === 'center' && index >= 0 ? Math.max(0, offset - innerHeight / 2) : offset;
}

/** How high an item is likely to be, in pixels, until it is measured. */
export function estimate(item: Item | undefined): number {
  if (item?.kind !== 'message') return 44;
  const lines =
    item.text === '' && item.files.length > 0
      ? 0
      : item.text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 8) / 60), 0);
  return (
    17 +
    // A long one is folded, and what is unfolded has been measured.
    Math.min(lines, FOLDED_LINES + FOLDED_LEAST) * 22 +
    (item.first ? 10 : 2) +
    (item.replyTo === null ? 0 : 52) +
    (item.forwardedFrom === undefined ? 0 : 20) +
    (item.reactions.length > 0 ? 32 : 0) +
    filesHeight(item)
  );
}

/** How high the files of a message are likely to be, in pixels. */
export function filesHeight({ files }: MessageItem): number {
  if (files.length === 0) return 0;
  const room = Math.min(IMAGE_ROOM.width, innerWidth * 0.8);
  const images = files.filter((file) => lookOf(file) === 'image');
  const [lone] = images;
  const others = files.length - images.length;
  if (lone === undefined) return others * 52;
  const { width, height } = imageRoom(lone);
  return others * 52 + (images.length === 1 ? height * Math.min(1, room / width) : albumHeight(images.length, room));
}
