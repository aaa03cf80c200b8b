import { closeCodes, type CloseReason } from '@beseda/protocol/close-codes.ts';
import { OUTBOX_BYTES } from '@beseda/protocol/limits.ts';
import type { WebSocket } from 'ws';

/** Closes a socket for one of the reasons of the protocol. */
export function closeFor(socket: WebSocket, reason: CloseReason): void {
  // A paused socket would not see the other side's closing.
  socket.resume();
  socket.close(closeCodes[reason].code, closeCodes[reason].reason);
}

/** Sends a frame; a socket that does not take what it is owed is closed instead. */
export function push(socket: WebSocket, encoded: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > OUTBOX_BYTES) closeFor(socket, 'too_slow');
  else socket.send(encoded);
}

/** Sends a frame when the other side has taken enough of what it is owed already; settles then, or when it is gone. */
export async function pushInTurn(socket: WebSocket, encoded: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount < OUTBOX_BYTES / 4) {
    socket.send(encoded);
    return;
  }
  // The callback comes once this frame, and so all before it, is with the system; an error means there is nobody left.
  await new Promise<void>((resolve) => {
    socket.send(encoded, () => resolve());
  });
}
