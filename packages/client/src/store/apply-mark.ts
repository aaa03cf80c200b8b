import type { MarkFrame } from '@beseda/protocol/marks.ts';
import type { ChatRecord } from './chat-record.ts';

/** What a mark changes in a chat. Marks of what was read and delivered only grow. */
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
      record.unreadTold = true;
  }
}

/** A sync has told all marks there are of a chat. */
export function marksSynced(record: ChatRecord): void {
  if (!record.unreadTold) record.unreadFromId = null;
  record.unreadTold = false;
}
