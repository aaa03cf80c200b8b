import type { TabView } from '../../state/attention.ts';
import type { Tabs } from '../../state/notifier.ts';

/** Held by the tab that tells of messages; the next one has it once that is closed. */
const TELLER = 'beseda-teller';

/** Each tab holds one lock, whose name says what it shows. Whatever becomes of a tab, its locks go with it. */
const VIEW = 'beseda-view ';

export interface OwnTab extends Tabs {
  /** Says anew what this tab shows. */
  changed: () => void;
  stop: () => void;
}

/**
 * The tabs of this browser as they know of each other by the Web Locks API. Without it (a plain `http` address that is
 * not this machine's, say, or a browser that may keep nothing) each tab takes itself to be alone.
 *
 * @param view what this tab shows at present.
 */
export function tabsByLocks(locks: LockManager | undefined, view: () => TabView): OwnTab {
  const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const ends = new AbortController();
  let teller = false;
  let refused = locks === undefined;
  let letGo: (() => void) | undefined;
  /** What each lock that is held or waited for ends by. */
  const releases = new Set<() => void>();
  let said: string | undefined;

  /** Holds a lock until it is let go of. */
  function hold(name: string, mode: LockMode, held: () => void): () => void {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    releases.add(release);
    const request = async (): Promise<void> => {
      try {
        await locks?.request(name, { mode, signal: ends.signal }, async () => {
          held();
          await released;
        });
      } catch {
        // It was called off while it waited; else there are no locks to be had.
        if (!ends.signal.aborted) refused = true;
      } finally {
        releases.delete(release);
      }
    };
    void request();
    return release;
  }

  hold(TELLER, 'exclusive', () => {
    teller = true;
  });

  function changed(): void {
    const name = nameOf(id, view());
    if (name === said) return;
    said = name;
    const before = letGo;
    letGo = hold(name, 'shared', () => before?.());
  }

  changed();
  return {
    changed,
    async look() {
      if (locks === undefined || refused) return { teller: !ends.signal.aborted, tabs: [view()] };
      const { held = [] } = await locks.query();
      const others = held.flatMap(({ name = '' }) => viewOf(name, id) ?? []);
      return { teller, tabs: [view(), ...others] };
    },
    stop() {
      teller = false;
      ends.abort();
      for (const release of releases) release();
    },
  };
}

function nameOf(id: string, { visible, front, chatId }: TabView): string {
  return `${VIEW}${id} ${visible ? 'visible' : 'hidden'} ${front ? 'front' : 'back'} ${chatId ?? ''}`;
}

/** What another tab says that it shows. */
function viewOf(name: string, own: string): TabView | undefined {
  if (!name.startsWith(VIEW)) return undefined;
  const [id, visible, front, chat] = name.slice(VIEW.length).split(' ');
  if (id === own) return undefined;
  return { visible: visible === 'visible', front: front === 'front', chatId: Number(chat) || undefined };
}
