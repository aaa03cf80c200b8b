import type { Db } from '../db/open.ts';
import { marksSince } from '../domain/recent-marks.ts';
import type { Hub } from './hub.ts';

/**
 * Compares marks with the database: tells those who listen on this node of the marks that have changed since a moment,
 * each state of one once. Marks have no version, so what came over the bus is told again; nothing is lost by that, as
 * a mark is a state.
 */
export function createMarkComparison(db: Db, hub: Hub): (since: Date) => Promise<void> {
  let told = new Set<string>();
  return async (since) => {
    const chats = hub.chats();
    if (chats.length === 0) return;
    const events = (await marksSince(db, chats, since)).map((event) => {
      // It is the same mark, whatever has happened in its chat meanwhile.
      return { event, state: JSON.stringify({ ...event, after: undefined }) };
    });
    hub.checkMarks(events.filter(({ state }) => !told.has(state)).map(({ event }) => event));
    told = new Set(events.map(({ state }) => state));
  };
}
