import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Load } from './overload.ts';

/** What can be refused for the load: a socket, the catching up of one, a request that reads much; or by a limit. */
export type Refused = 'socket' | 'sync' | 'request' | 'frame' | 'address' | 'user';

/** What is asked for when the metrics are read. */
export interface Gauges {
  /** Sockets that are open. */
  sockets: () => number;
  /** Bytes that wait on all of them to be taken by their other side. */
  heldBytes: () => number;
  load: Load;
}

/** What the server counts about itself, in the text format of Prometheus. */
export interface Metrics {
  httpRequest(route: string, method: string, status: number, seconds: number): void;
  frameReceived(type: string): void;
  socketClosed(code: number): void;
  /** Something was refused because there is too much to do, or too much of it. */
  refused(what: Refused): void;
  /** The exposition, and its content type. */
  expose(): Promise<{ contentType: string; body: string }>;
  /** Lets go of what the collectors hold. */
  close(): void;
}

export function createMetrics({ sockets, heldBytes, load }: Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'beseda_http_request_duration_seconds',
    help: 'Time to answer HTTP requests.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const frames = new Counter({
    name: 'beseda_socket_frames_received_total',
    help: 'Frames received on sockets, by type.',
    labelNames: ['type'],
    registers: [registry],
  });
  const closes = new Counter({
    name: 'beseda_socket_closes_total',
    help: 'Sockets closed, by close code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'beseda_refused_total',
    help: 'What was refused for the load (socket, sync, request) or by a limit (frame, address, user).',
    labelNames: ['what'],
    registers: [registry],
  });
  const asked = (name: string, help: string, value: () => number): void =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(value());
        },
      }),
    );
  asked('beseda_sockets', 'Sockets that are open at present.', sockets);
  asked('beseda_sockets_held_bytes', 'Bytes that wait on all sockets to be taken by their other side.', heldBytes);
  asked('beseda_loop_seconds', 'The usual turn of the event loop in the last seconds.', () => load.loopMs() / 1000);
  asked('beseda_send_wait_seconds', 'How long a message sent now would wait to be stored.', () => load.laneMs() / 1000);
  return {
    httpRequest: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    frameReceived: (type) => frames.inc({ type }),
    socketClosed: (code) => closes.inc({ code: String(code) }),
    refused: (what) => refusals.inc({ what }),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    close: () => registry.clear(),
  };
}
