import type { DownFrame, UpFrame } from '@beseda/protocol/frames.ts';
import { upFrames } from '@beseda/protocol/frames.ts';
import type { MarkFrame } from '@beseda/protocol/marks.ts';
import { decodeFrame } from './frame-codec.ts';
import { frameCheck } from './validation.ts';
import { wireFrame } from './wire-frame.ts';

/** A frame as the door of one chat sends it: messages also carry their time under the original's name for it. */
export function encodeForChatDoor(frame: DownFrame | MarkFrame): Buffer {
  return wireFrame(JSON.stringify(frame.type === 'message' ? { ...frame, timestamp: frame.created_at } : frame));
}

const checks = { message: frameCheck(upFrames.message), read: frameCheck(upFrames.read) };

/**
 * A frame that came through the door of one chat.
 *
 * @throws FrameError `malformed_json`, `invalid_input`.
 */
export function decodeFromChatDoor(text: string): UpFrame {
  // Checked against the schemas that the type is derived from.
  return decodeFrame(text, checks) as unknown as UpFrame;
}
