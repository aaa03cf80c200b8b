import { Agent, request } from 'node:http';

export interface Reply {
  status: number;
  body: unknown;
}

/** One kept-alive connection to a server, so that a benchmark measures requests and not handshakes. */
export interface Connection {
  ask(method: string, path: string, options?: { token?: string; json?: unknown }): Promise<Reply>;
  close(): void;
}

export function openConnection(url: string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: async (method, path, { token, json } = {}) =>
      new Promise((resolve, reject) => {
        const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
        const call = request(`${url}/api/v1${path}`, {
          method,
          agent,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
          },
        });
        call.on('error', reject);
        call.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) });
          });
        });
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
