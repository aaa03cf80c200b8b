import type { WebSocket } from 'ws';
import { ServedSocket } from './served-socket.ts';

/** Finds sockets whose other side is gone without a word. */
export interface Heartbeat {
  /** Begins to look after a socket. */
  watch(socket: ServedSocket): void;
  /**
   * Asks every socket whether it lives, and cuts off those that have not answered since the last time. Called every
   * `HEARTBEAT_S`, it finds a dead one within twice that.
   */
  beat(): void;
}

export function createHeartbeat(sockets: Iterable<ServedSocket>): Heartbeat {
  return {
    watch(socket) {
      socket.alive = true;
      socket.on('pong', onPong);
    },
    beat() {
      for (const socket of sockets) {
        if (socket.alive) socket.ping();
        else socket.terminate();
        socket.alive = false;
      }
    },
  };
}

function onPong(this: WebSocket): void {
  if (this instanceof ServedSocket) this.alive = true;
}
