import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import { NODES_SUBJECT } from '../bus/bus.ts';
import type { Db } from '../db/open.ts';
import type { BusMessages } from './bus-messages.ts';
import { endLife, NODE_LIFE_S, showLife } from '../domain/nodes.ts';

/** How often a node says over the bus that it lives. */
export const PULSE_MS = 500;

/** Every so many pulses it says so to the database too, and learns who else does. */
const PULSES_OF_A_LOOK = 10;

/** A node that has not been heard over the bus for so long is out of hearing: three of its pulses are missing. */
const HEARING_MS = 1600;

const Pulse = Type.Object({ pulse: Type.String({ format: 'uuid' }) });
const pulses = Compile(Pulse);

/** The other servers on the same database, as this one knows them. */
export interface Nodes {
  /** Says that this node lives, and looks around. Called every {@link PULSE_MS}. */
  pulse(): Promise<void>;
  /** The ids of those that live. */
  others(): string[];
  /** Whether one lives that this node does not hear: what it does must be looked up in the database. */
  outOfHearing(): boolean;
  /** Calls when a node is heard that was out of hearing, or was not known. Returns what ends it. */
  onHeard(heard: (id: string) => void): () => void;
  /** Calls when a node lives no more. Returns what ends it. */
  onGone(gone: (id: string) => void): () => void;
  /** This node lives no more. */
  end(): Promise<void>;
}

interface Other {
  /** Milliseconds; when it was heard over the bus, and when it was seen in the database. */
  heardAt: number;
  seenAt: number;
}

/**
 * Who lives is learnt from two sides: from the bus, within a second, and from the database, which everybody reaches
 * who can serve at all. One that the database knows and the bus does not is cut off from the bus, or this node is.
 *
 * @param now milliseconds that pass evenly, whatever becomes of the time of day.
 */
export function createNodes(id: string, db: Db, messages: BusMessages, now: () => number): Nodes {
  const others = new Map<string, Other>();
  const heardWatchers = new Set<(id: string) => void>();
  const goneWatchers = new Set<(id: string) => void>();
  let count = 0;

  const inHearing = ({ heardAt }: Other): boolean => now() - heardAt < HEARING_MS;

  const stopHearing = messages.hear(NODES_SUBJECT, pulses, (news) => {
    const other = others.get(news.pulse) ?? { heardAt: Number.NEGATIVE_INFINITY, seenAt: Number.NEGATIVE_INFINITY };
    const returned = !inHearing(other);
    others.set(news.pulse, { ...other, heardAt: now() });
    if (returned) for (const watcher of heardWatchers) watcher(news.pulse);
  });

  async function look(): Promise<void> {
    for (const seen of await showLife(db, id)) {
      const other = others.get(seen) ?? { heardAt: Number.NEGATIVE_INFINITY };
      others.set(seen, { ...other, seenAt: now() });
    }
  }

  function forgetTheDead(): void {
    for (const [other, { heardAt, seenAt }] of others) {
      if (now() - Math.max(heardAt, seenAt) < NODE_LIFE_S * 1000) continue;
      others.delete(other);
      for (const watcher of goneWatchers) watcher(other);
    }
  }

  return {
    async pulse() {
      messages.tell(NODES_SUBJECT, { pulse: id });
      if (count % PULSES_OF_A_LOOK === 0) await look();
      count += 1;
      forgetTheDead();
    },
    others: () => [...others.keys()],
    outOfHearing: () => [...others.values()].some((other) => !inHearing(other)),
    onHeard(watcher) {
      heardWatchers.add(watcher);
      return () => heardWatchers.delete(watcher);
    },
    onGone(watcher) {
      goneWatchers.add(watcher);
      return () => goneWatchers.delete(watcher);
    },
    async end() {
      stopHearing();
      await endLife(db, id);
    },
  };
}
