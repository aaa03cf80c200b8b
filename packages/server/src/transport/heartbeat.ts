import type { WebSocket } from 'ws';

/** Finds sockets whose other side is gone without a word. */
export interface Heartbeat {
  /** Begins to look after a socket. */
  watch(socket: WebSocket): void;
  /**
   * Asks every socket whether it lives, and cuts off those that have not answered since the last time. Called every
   * `HEARTBEAT_S`, it finds a dead one within twice that.
   */
  beat(): void;
}

export function createHeartbeat(sockets: Iterable<WebSocket>): Heartbeat {
  const answered = new WeakSet<WebSocket>();
  return {
    watch(socket) {
      answered.add(socket);
      socket.on('pong', () => answered.add(socket));
    },
    beat() {
      for (const socket of sockets) {
        if (answered.delete(socket)) socket.ping();
        else socket.terminate();
      }
    },
  };
}
