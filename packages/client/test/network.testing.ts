import type { Fetch } from '../src/rest/ask.ts';
import type { OpenSocket, SocketLike } from '../src/live/socket-like.ts';

/** What lies between a client and a server, to be broken at will. */
export interface Network {
  readonly openSocket: OpenSocket;
  readonly fetch: Fetch;
  /** Nothing new gets through: neither sockets nor requests. */
  setDown(down: boolean): void;
  /** Breaks all that is open: sockets close, answers to requests under way are lost. */
  cut(): void;
  /** All sockets that are open are closed, as a server closes them with this code. */
  close(code: number): void;
  /** The sockets that are open look alive, and nothing passes any more. */
  swallow(): void;
  /** Frames wait on their way, in both directions. */
  hold(): void;
  /** They go on, in order. */
  release(): void;
  /** Sockets that were opened so far. */
  readonly opened: number;
  /** Paths of the requests made so far. */
  readonly requests: readonly string[];
  /** Settles once no request is under way. */
  idle(): Promise<void>;
}

interface Line {
  inner: WebSocket;
  swallowed: boolean;
  waiting: (() => void)[];
  close: (code: number) => void;
}

export function createNetwork(): Network {
  const lines = new Set<Line>();
  const requests: string[] = [];
  const underWay = new Set<Promise<unknown>>();
  let down = false;
  let held = false;
  let opened = 0;
  let cuts = 0;

  function pass(line: Line, act: () => void): void {
    if (line.swallowed) return;
    if (held || line.waiting.length > 0) line.waiting.push(act);
    else act();
  }

  function openSocket(url: string): SocketLike {
    opened += 1;
    const inner = new WebSocket(down ? 'ws://127.0.0.1:1/' : url);
    const closers = new Set<(event: { code: number; reason: string }) => void>();
    const line: Line = {
      inner,
      swallowed: false,
      waiting: [],
      close(code) {
        line.swallowed = true;
        lines.delete(line);
        inner.close();
        for (const closer of closers) closer({ code, reason: '' });
      },
    };
    lines.add(line);
    inner.addEventListener('close', ({ code, reason }) => {
      pass(line, () => {
        lines.delete(line);
        for (const closer of closers) closer({ code, reason });
      });
    });
    const listen: SocketLike['addEventListener'] = (type, listener) => {
      // The close comes in its turn, after the frames that wait.
      if (type === 'close') closers.add(listener as (event: { code: number; reason: string }) => void);
      else inner.addEventListener(type, (event) => pass(line, () => listener(event as never)));
    };
    return {
      addEventListener: listen,
      send: (text) =>
        pass(line, () => {
          if (inner.readyState === WebSocket.OPEN) inner.send(text);
        }),
      close() {
        lines.delete(line);
        line.swallowed = true;
        inner.close();
      },
    };
  }

  async function request(...[url, init]: Parameters<Fetch>): ReturnType<Fetch> {
    requests.push(`${init.method} ${new URL(url).pathname}`);
    if (down) throw new TypeError('the network is down');
    const before = cuts;
    const response = await fetch(url, init);
    const text = await response.text();
    if (cuts !== before) throw new TypeError('the answer was lost');
    return { status: response.status, text: async () => text };
  }

  return {
    openSocket,
    async fetch(url, init) {
      const answer = request(url, init);
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    },
    setDown(now) {
      down = now;
    },
    cut() {
      cuts += 1;
      for (const line of lines) line.close(1006);
    },
    close(code) {
      for (const line of lines) line.close(code);
    },
    swallow() {
      for (const line of lines) line.swallowed = true;
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      for (const line of lines) for (const act of line.waiting.splice(0)) act();
    },
    get opened() {
      return opened;
    },
    requests,
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
