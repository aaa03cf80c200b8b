import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';

/** What the server counts about itself, in the text format of Prometheus. */
export interface Metrics {
  httpRequest(route: string, method: string, status: number, seconds: number): void;
  frameReceived(type: string): void;
  socketClosed(code: number): void;
  /** The exposition, and its content type. */
  expose(): Promise<{ contentType: string; body: string }>;
  /** Lets go of what the collectors hold. */
  close(): void;
}

/** @param listening how many sockets listen at present. */
export function createMetrics(listening: () => number): Metrics {
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
  registry.registerMetric(
    new Gauge({
      name: 'beseda_sockets',
      help: 'Sockets that listen at present.',
      registers: [],
      collect() {
        this.set(listening());
      },
    }),
  );
  return {
    httpRequest: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    frameReceived: (type) => frames.inc({ type }),
    socketClosed: (code) => closes.inc({ code: String(code) }),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    close: () => registry.clear(),
  };
}
