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
 * not this machine's, say) each tab takes itself to be alone.
 *
 * @param view what this tab shows at present.
 */
export function tabsByLocks(locks: LockManager | undefined, view: () => TabView): OwnTab {
  const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const ends = new AbortController();
  let teller = locks === undefined;
  let letGo: (() => void) | undefined;
  let said: string | undefined;

  /** Holds a lock until it is let go of. */
  function hold(name: string, mode: LockMode, held: () => void): () => void {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    locks
      ?.request(name, { mode, signal: ends.signal }, async () => {
        held();
        await released;
      })
      // It was called off while it waited.
      .catch(() => undefined);
    return release;
  }

  const releaseTeller = hold(TELLER, 'exclusive', () => {
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
      if (locks === undefined) return { teller, tabs: [view()] };
      const { held = [] } = await locks.query();
      const others = held.flatMap(({ name = '' }) => viewOf(name, id) ?? []);
      return { teller, tabs: [view(), ...others] };
    },
    stop() {
      teller = false;
      ends.abort();
      releaseTeller();
      letGo?.();
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
