import type { Bus } from './bus.ts';

/** Nodes of one process. A server that runs alone is the only one on it. */
export interface MemoryNetwork {
  /** Joins as one more node. */
  connect(): Bus;
}

type Hear = (payload: string) => void;

interface Node {
  subscriptions: Map<string, Set<Hear>>;
}

export function createMemoryNetwork(): MemoryNetwork {
  const nodes = new Set<Node>();
  return {
    connect() {
      const node: Node = { subscriptions: new Map() };
      nodes.add(node);
      return {
        publish(subject, payload) {
          if (!nodes.has(node)) return;
          for (const other of nodes) {
            if (other === node) continue;
            for (const hear of other.subscriptions.get(subject) ?? []) {
              const text = payload();
              queueMicrotask(() => hear(text));
            }
          }
        },
        subscribe: (subject, hear) => subscribe(node, subject, hear),
        inForce: async () => Promise.resolve(),
        connected: () => nodes.has(node),
        onConnection: () => () => {},
        async close() {
          nodes.delete(node);
          node.subscriptions.clear();
          return Promise.resolve();
        },
      };
    },
  };
}

function subscribe({ subscriptions }: Node, subject: string, hear: Hear): () => void {
  // One object a subscription, so that the same function may subscribe twice.
  const own: Hear = (payload) => {
    if (subscriptions.get(subject)?.has(own) === true) hear(payload);
  };
  const others = subscriptions.get(subject) ?? new Set();
  subscriptions.set(subject, others.add(own));
  return () => {
    others.delete(own);
    if (others.size === 0 && subscriptions.get(subject) === others) subscriptions.delete(subject);
  };
}
