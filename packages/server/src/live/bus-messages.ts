import type { Bus } from '../bus/bus.ts';

/** What tells messages of one shape from others, such as a compiled schema. */
export interface Shape<T> {
  Check(value: unknown): value is T;
}

/** Messages between nodes, as objects. */
export interface BusMessages {
  /** The message is written as JSON, and only where there may be somebody to hear it. */
  tell(subject: string, message: object): void;
  /** Hears the messages of a subject that are of a shape. Returns what ends it. */
  hear<T>(subject: string, shape: Shape<T>, heard: (message: T) => void): () => void;
}

/**
 * What is heard is checked as anything from outside is: while versions of the server are mixed, a node may hear what
 * it does not know. It is reported and left out; if it was a change, the gap that it leaves is filled from the database.
 */
export function createBusMessages(bus: Bus, onError: (error: unknown) => void): BusMessages {
  return {
    tell: (subject, message) => bus.publish(subject, () => JSON.stringify(message)),
    hear(subject, shape, heard) {
      return bus.subscribe(subject, (payload) => {
        const message = parsed(payload);
        if (shape.Check(message)) heard(message);
        else onError(new Error(`another node told something on ${subject} that this version does not know`));
      });
    },
  };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
