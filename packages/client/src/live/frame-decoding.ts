import { socketDownFrames, type SocketDownFrame } from '@beseda/protocol/socket.ts';
import { fits, parseJson } from '../parse.ts';

/** A frame of the server; `strange` is one that this client does not know, or not in this shape. */
export type Decoded = { kind: 'frame'; frame: SocketDownFrame } | { kind: 'unknown type' } | { kind: 'strange' };

/** Types that this client does not know are those of a newer server, which does not count on their being understood. */
export function decodeFrame(data: unknown): Decoded {
  const value = typeof data === 'string' ? parseJson(data) : undefined;
  if (typeof value !== 'object' || value === null || !('type' in value)) return { kind: 'strange' };
  const { type } = value;
  if (!isKnown(type)) return { kind: 'unknown type' };
  return fits(socketDownFrames[type], value) ? { kind: 'frame', frame: value } : { kind: 'strange' };
}

function isKnown(type: unknown): type is keyof typeof socketDownFrames {
  return typeof type === 'string' && Object.hasOwn(socketDownFrames, type);
}
