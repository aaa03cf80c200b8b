import { BODY_BYTES, FRAGMENTS, MAX_ID } from '@beseda/protocol/limits.ts';
import { HEARTBEAT_S } from '@beseda/protocol/socket.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { serveChatDoor } from './chat-door.ts';
import { createClientAddress } from './client-address.ts';
import type { Context } from './context.ts';
import { drain, type Draining } from './drain.ts';
import { createHeartbeat } from './heartbeat.ts';
import { serveMainDoor } from './main-door.ts';
import { closeFor, unsentBytes } from './outbox.ts';
import { isOverloaded } from './overload.ts';
import { leave } from './places.ts';
import { finishFrames, ServedSocket } from './served-socket.ts';
import { addressKey } from './throttle.ts';

export interface Sockets {
  /** How many are open at present. */
  count(): number;
  /** Bytes that wait on all of them to be taken by their other side. */
  heldBytes(): number;
  /**
   * Sees every socket off: reads no more of it, answers what was read, tells it that the server goes away. Settles when
   * all are closed, or `graceMs` after the last was told so.
   */
  close(options: Pick<Draining<unknown>, 'spreadMs' | 'delay' | 'random'> & { graceMs: number }): Promise<void>;
}

/** Seconds for those who are refused at the door; clients add chance of their own to it. */
const RETRY_AFTER_S = 5;

/** Takes the sockets of an HTTP server. */
export function serveSockets(
  server: Server,
  context: Context,
  log: FastifyBaseLogger,
  trustProxy: boolean | readonly string[],
): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    WebSocket: ServedSocket,
    maxPayload: BODY_BYTES,
    maxFragments: FRAGMENTS.max,
    maxBufferedChunks: FRAGMENTS.max,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const open = new Set<ServedSocket>();
  const heartbeat = createHeartbeat(open);
  const clientAddress = createClientAddress(trustProxy);
  const arriving = context.places.arriving;
  const onBroken = (error: Error): void => log.debug({ err: error }, 'a connection broke while it became a socket');
  // What is wrong with a frame is told by the close code; without a listener it would end the process.
  const onError = (error: Error): void => log.debug({ err: error }, 'a socket broke');
  // Shared by all sockets, so that none needs one of its own.
  function onClose(this: WebSocket, code: number): void {
    if (!(this instanceof ServedSocket)) return;
    open.delete(this);
    context.metrics.socketClosed(code);
    leave(context.places, this);
    this.serving?.closed();
  }

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', onBroken);
    const door = doorOf(request.url ?? '');
    if (door === undefined) {
      refuse(stream, '404 Not Found');
      return;
    }
    if (!context.accepting() || isOverloaded(context.load)) {
      context.metrics.refused('socket');
      refuse(stream, '503 Service Unavailable', RETRY_AFTER_S);
      return;
    }
    const forwardedFor = [request.headers['x-forwarded-for']].flat().join(',');
    const address = addressKey(clientAddress(request.socket.remoteAddress ?? '', forwardedFor || undefined));
    if (!arriving.take(address)) {
      context.metrics.refused('address');
      refuse(stream, '429 Too Many Requests', RETRY_AFTER_S);
      return;
    }
    let shaken = false;
    // It calls back at once, or not at all where the handshake is not one.
    sockets.handleUpgrade(request, stream, head, (socket) => {
      shaken = true;
      socket.connection = stream;
      socket.arrivedFrom = address;
      open.add(socket);
      heartbeat.watch(socket);
      socket.on('error', onError);
      socket.on('message', onMessage);
      socket.on('close', onClose);
      if (door.door === 'main') serveMainDoor(context, log, socket);
      else void serveChatDoor(context, log, socket, door.chatId, door.token);
    });
    if (!shaken) arriving.giveBack(address);
  });

  const timer = setInterval(() => heartbeat.beat(), HEARTBEAT_S * 1000);
  timer.unref();

  return {
    count: () => open.size,
    heldBytes: () => [...open].reduce((sum, socket) => sum + unsentBytes(socket), 0),

    async close({ graceMs, ...options }) {
      clearInterval(timer);
      const closed: Promise<void>[] = [];
      await drain({ ...options, items: [...open], close: (socket) => closed.push(seeOff(socket)) });
      const impatience = setTimeout(() => {
        for (const socket of open) socket.terminate();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(impatience);
    },
  };
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  if (this instanceof ServedSocket) this.serving?.received(data, isBinary);
}

/** Settles when the socket is closed. */
async function seeOff(socket: ServedSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await Promise.race([closed, finishFrames(socket)]);
  closeFor(socket, 'going_away');
  await closed;
}

/** What an address names: the door for everything, or the chat and the token at the door of one chat. */
function doorOf(address: string): { door: 'main' } | { door: 'chat'; chatId: number; token: string } | undefined {
  const url = URL.parse(address, 'http://localhost');
  if (url === null) return undefined;
  if (/^\/ws\/?$/.test(url.pathname)) return { door: 'main' };
  const match = /^\/ws\/(\d+)\/?$/.exec(url.pathname);
  if (match === null) return undefined;
  // An id past the largest is one more chat that does not exist.
  return { door: 'chat', chatId: Math.min(Number(match[1]), MAX_ID), token: url.searchParams.get('token') ?? '' };
}

function refuse(stream: Duplex, status: string, retryAfter?: number): void {
  const wait = retryAfter === undefined ? '' : `retry-after: ${retryAfter}\r\n`;
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${wait}content-length: 0\r\n\r\n`);
}
