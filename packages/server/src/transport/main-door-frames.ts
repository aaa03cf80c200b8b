import { socketUpFrames, type SocketDownFrame, type SocketUpFrame } from '@beseda/protocol/socket.ts';
import { decodeFrame } from './frame-codec.ts';
import { frameCheck } from './validation.ts';
import { wireFrame } from './wire-frame.ts';

/** A frame as the socket for everything sends it. */
export function encodeForMainDoor(frame: SocketDownFrame): Buffer {
  return wireFrame(JSON.stringify(frame));
}

const checks = Object.fromEntries(Object.entries(socketUpFrames).map(([type, schema]) => [type, frameCheck(schema)]));

/**
 * A frame that came through the socket for everything.
 *
 * @throws FrameError `malformed_json`, `invalid_input`.
 */
export function decodeFromMainDoor(text: string): SocketUpFrame {
  // Checked against the schemas that the type is derived from.
  return decodeFrame(text, checks) as unknown as SocketUpFrame;
}
