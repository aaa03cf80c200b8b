import type { MarkFrame } from '@beseda/protocol/marks.ts';
import type { ChatRecord } from './chat-record.ts';

/** What a mark, or how the user sets it, changes in a chat. Marks of what was read and delivered only grow. */
export function applyMark(record: ChatRecord, frame: MarkFrame, self: number): void {
  switch (frame.type) {
    case 'read':
      if (frame.reader_id === self) record.ownReadId = Math.max(record.ownReadId, frame.message_id);
      else record.othersReadId = Math.max(record.othersReadId, frame.message_id);
      break;
    case 'delivered':
      if (frame.user_id === self) record.deliveredId = Math.max(record.deliveredId, frame.message_id);
      else record.othersDeliveredId = Math.max(record.othersDeliveredId, frame.message_id);
      break;
    case 'unread':
      record.unreadFromId = frame.message_id;
      record.unreadTold = !record.live;
      break;
    case 'settings':
      record.settings = { muted: frame.muted, pinned: frame.pinned };
      record.settingsTold = !record.live;
  }
}

/** A sync has told all marks there are of a chat, and how it is set. */
export function marksSynced(record: ChatRecord): void {
  if (!record.unreadTold) record.unreadFromId = null;
  record.unreadTold = false;
  if (!record.settingsTold) record.settings = { muted: false, pinned: false };
  record.settingsTold = false;
}
