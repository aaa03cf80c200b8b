import { sendFrame, type Socket } from './socket.ts';

/** Messages under way at once: fewer than those past which a server reads no more of a socket. */
const UNDER_WAY = 100;

/** Writes a message into each of the chats, in turn and many under way at once; settles when all are acknowledged. */
export async function post(socket: Socket, chatIds: readonly number[], textBytes: number): Promise<void> {
  if (chatIds.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hearEnd = socket.wire.ended;
  socket.wire.ended = (why) => reject(new Error(why));
  let [sent, acknowledged] = [0, 0];
  const send = (): void => {
    const chatId = chatIds[sent];
    if (chatId === undefined) return;
    sent += 1;
    socket.wire.connection.write(sendFrame('main', chatId, `${sent} `.padEnd(textBytes, 'x'), sent));
  };
  socket.onAck = () => {
    acknowledged += 1;
    if (acknowledged === chatIds.length) resolve();
    else send();
  };
  for (let one = 0; one < UNDER_WAY; one += 1) send();
  await promise;
  socket.onAck = undefined;
  socket.wire.ended = hearEnd;
}
