/** What REST answered. */
export interface Answer {
  status: number;
  body: unknown;
}

export interface Request {
  token?: string | undefined;
  json?: unknown;
  headers?: Record<string, string>;
}

/** REST over a network that may fail at any moment. */
export interface Rest {
  /** One attempt; undefined where it is not known what became of it. */
  attempt(method: string, path: string, request?: Request): Promise<Answer | undefined>;
  /** Until the server says something definite: only for what may be repeated. */
  insist(method: string, path: string, request?: Request): Promise<Answer>;
}

/** A black hole answers nothing; a server under load takes a while. */
const PATIENCE_MS = 5000;
const RETRY_MS = 100;

/** @param stopped ends all insisting. */
export function createRest(url: () => string, stopped: AbortSignal): Rest {
  async function attempt(method: string, path: string, request: Request = {}): Promise<Answer | undefined> {
    try {
      const response = await fetch(`${url()}/api/v1${path}`, {
        method,
        headers: {
          ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
          ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: request.json === undefined ? null : JSON.stringify(request.json),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      return undefined;
    }
  }
  return {
    attempt,
    async insist(method, path, request) {
      for (;;) {
        stopped.throwIfAborted();
        const answer = await attempt(method, path, request);
        if (answer !== undefined && answer.status !== 503) return answer;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
  };
}
