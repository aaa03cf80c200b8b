import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { standingSessions } from '../domain/sessions.ts';
import type { Hub } from './hub.ts';

/** Sessions end by time too, and nobody tells of that: how often those of open sockets are looked at. */
const WATCH_MS = 30_000;

/** Ends what is heard under sessions that have run out. Returns what stops the watching. */
export function watchSessions(db: Db, hub: Hub, clock: Clock, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    endExpired(db, hub, clock).catch(onError);
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** One look: sockets whose session does not stand any more are told so. */
export async function endExpired(db: Db, hub: Hub, clock: Clock): Promise<void> {
  const listening = hub.sessions();
  if (listening.length === 0) return;
  const standing = await standingSessions(db, listening, clock.now());
  hub.endSessions(listening.filter((id) => !standing.has(id)));
}
