import { HEARTBEAT_S } from '@beseda/protocol/socket.ts';
import { MAX_ID, BODY_BYTES } from '@beseda/protocol/limits.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { serveChatDoor } from './chat-door.ts';
import type { Context } from './context.ts';
import { createHeartbeat } from './heartbeat.ts';
import { serveMainDoor } from './main-door.ts';
import { asServed, closeFor, type ServedSocket } from './outbox.ts';

export interface Sockets {
  /** How many are open at present. */
  count(): number;
  /** Tells every socket that the server goes away, and settles when all are closed or `graceMs` has passed. */
  close(graceMs: number): Promise<void>;
}

/** Takes the sockets of an HTTP server. */
export function serveSockets(server: Server, context: Context, log: FastifyBaseLogger): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: BODY_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const open = new Set<ServedSocket>();
  const heartbeat = createHeartbeat(open);

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', (error) => log.debug({ err: error }, 'a connection broke while it became a socket'));
    const door = doorOf(request.url ?? '');
    if (door === undefined) refuse(stream, '404 Not Found');
    else if (!context.accepting()) refuse(stream, '503 Service Unavailable');
    else {
      sockets.handleUpgrade(request, stream, head, (upgraded) => {
        const socket = asServed(upgraded, stream);
        open.add(socket);
        heartbeat.watch(socket);
        // What is wrong with a frame is told by the close code; without a listener it would end the process.
        socket.on('error', (error) => log.debug({ err: error }, 'a socket broke'));
        socket.on('close', (code) => {
          open.delete(socket);
          context.metrics.socketClosed(code);
        });
        if (door.door === 'main') serveMainDoor(context, log, socket);
        else void serveChatDoor(context, log, socket, door.chatId, door.token);
      });
    }
  });

  const timer = setInterval(() => heartbeat.beat(), HEARTBEAT_S * 1000);
  timer.unref();

  return {
    count: () => open.size,

    async close(graceMs) {
      clearInterval(timer);
      const closed = [...open].map(
        async (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve());
            closeFor(socket, 'going_away');
          }),
      );
      const impatience = setTimeout(() => {
        for (const socket of open) socket.terminate();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(impatience);
    },
  };
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

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
