import { closeCodes, type CloseReason } from '@beseda/protocol/close-codes.ts';
import { OUTBOX_BYTES } from '@beseda/protocol/limits.ts';
import type { ServedSocket } from './served-socket.ts';

/** Closes a socket for one of the reasons of the protocol. */
export function closeFor(socket: ServedSocket, reason: CloseReason): void {
  // A paused socket would not see the other side's closing.
  socket.resume();
  socket.close(closeCodes[reason].code, closeCodes[reason].reason);
}

/**
 * Sends a frame; a socket that does not take what it is owed is closed instead.
 *
 * @param frame as `wireFrame` makes it.
 */
export function push(socket: ServedSocket, frame: Buffer): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.connection.writableLength + frame.length > OUTBOX_BYTES) closeFor(socket, 'too_slow');
  else write(socket, frame);
}

/** Sends a frame when the other side has taken enough of what it is owed already; settles then, or when it is gone. */
export async function pushInTurn(socket: ServedSocket, frame: Buffer): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.connection.writableLength < OUTBOX_BYTES / 4) {
    write(socket, frame);
    return;
  }
  // The callback comes once this frame, and so all before it, is with the system; an error means there is nobody left.
  await new Promise<void>((resolve) => {
    write(socket, frame, () => resolve());
  });
}

/** Sockets that gather what they are owed in the present turn of the event loop, of which the process has one. */
let gathering: ServedSocket[] = [];

/**
 * Frames go past the WebSocket library, which would frame them anew for each socket, straight into the connection. It
 * is corked from the first frame of a turn to the turn's end, so that all of them leave in one write. What the library
 * itself writes, a pong or a closing, goes into the same connection, and so keeps its place between them; what is held
 * back counts as unsent.
 */
function write(socket: ServedSocket, frame: Buffer, done?: () => void): void {
  if (!socket.gathering) {
    // The check phase is part of the turn: nothing waits for a timer, or for anything to come from outside.
    if (gathering.length === 0) setImmediate(endTurn);
    socket.gathering = true;
    gathering.push(socket);
    socket.connection.cork();
  }
  socket.connection.write(frame, done);
}

function endTurn(): void {
  const sockets = gathering;
  gathering = [];
  for (const socket of sockets) {
    socket.gathering = false;
    socket.connection.uncork();
  }
}
