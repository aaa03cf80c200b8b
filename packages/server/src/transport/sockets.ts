import { MAX_ID, BODY_BYTES } from '@beseda/protocol/limits.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeFor, serveChatDoor } from './chat-door.ts';
import type { Context } from './context.ts';

export interface Sockets {
  /** Tells every socket that the server goes away, and settles when all are closed or `graceMs` has passed. */
  close(graceMs: number): Promise<void>;
}

/** How often sockets are asked whether they live; one that has not answered by the next time is dead (45 s at most). */
const HEARTBEAT_MS = 20_000;

/** Takes the sockets of an HTTP server. */
export function serveSockets(server: Server, context: Context, log: FastifyBaseLogger): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: BODY_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const answered = new WeakSet<WebSocket>();

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', (error) => log.debug({ err: error }, 'a connection broke while it became a socket'));
    const door = chatDoorOf(request.url ?? '');
    if (door === undefined) refuse(stream, '404 Not Found');
    else if (!context.accepting()) refuse(stream, '503 Service Unavailable');
    else {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        answered.add(socket);
        socket.on('pong', () => answered.add(socket));
        // What is wrong with a frame is told by the close code; without a listener it would end the process.
        socket.on('error', (error) => log.debug({ err: error }, 'a socket broke'));
        socket.on('close', (code) => context.metrics.socketClosed(code));
        void serveChatDoor(context, log, socket, door.chatId, door.token);
      });
    }
  });

  const heartbeat = setInterval(() => {
    for (const socket of sockets.clients) {
      if (answered.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    async close(graceMs) {
      clearInterval(heartbeat);
      const closed = [...sockets.clients].map(
        async (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve());
            closeFor(socket, 'going_away');
          }),
      );
      const impatience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(impatience);
    },
  };
}

/** The chat and the token that an address names, or undefined where it is no door. */
function chatDoorOf(address: string): { chatId: number; token: string } | undefined {
  const url = URL.parse(address, 'http://localhost');
  const match = /^\/ws\/(\d+)\/?$/.exec(url?.pathname ?? '');
  if (url === null || match === null) return undefined;
  // An id past the largest is one more chat that does not exist.
  return { chatId: Math.min(Number(match[1]), MAX_ID), token: url.searchParams.get('token') ?? '' };
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
