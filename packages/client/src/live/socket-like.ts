/** What a socket tells, by event. */
interface SocketEvents {
  open: object;
  message: { data: unknown };
  close: { code: number; reason: string };
  error: object;
}

/** What the client needs of a `WebSocket`: that of browsers, of Node from version 22, or of the package `ws`. */
export interface SocketLike {
  addEventListener<T extends keyof SocketEvents>(type: T, listener: (event: SocketEvents[T]) => void): void;
  send(text: string): void;
  close(code?: number): void;
}

/** Begins to open a socket at an address that begins with `ws`. */
export type OpenSocket = (url: string) => SocketLike;
