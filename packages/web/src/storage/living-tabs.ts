/** The tabs of this client in one browser: each knows which of the others live, and hears when one ends. */
export interface LivingTabs {
  /** The name of this one, new with each loading of the page. */
  readonly own: string;
  lives(tab: string): Promise<boolean>;
  /** Acts once a tab is gone; in one tab after the other where several wait for it. */
  onEnd(tab: string, act: () => Promise<void>): void;
  /** Calls back for each other tab that there is, or that is opened later; maybe more than once. */
  onOther(listener: (tab: string) => void): void;
}

const lockOf = (tab: string): string => `beseda-tab ${tab}`;

/**
 * A tab holds a lock as long as it lives: the browser frees it however the tab ends. Browsers give locks to secure pages
 * alone, and not where they may keep nothing; on others each tab takes itself to be the only one, and messages that two
 * of them send are stored once all the same, by their ids.
 */
export function livingTabs(own: string): LivingTabs {
  const locks = 'locks' in navigator ? navigator.locks : undefined;
  const listeners: ((tab: string) => void)[] = [];
  const waitedFor = new Set<string>();
  const channel = openChannel();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin, and takes no other
  const tell = (message: string): void => channel?.postMessage(message);
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const [kind, tab] = String(data).split(' ');
    if (tab === undefined) return;
    if (kind === 'hello') tell(`here ${own}`);
    for (const listener of listeners) listener(tab);
  });
  // Held until the tab ends. The others hear of it once it is, so that they cannot take it first.
  locks
    ?.request(lockOf(own), async () => {
      tell(`hello ${own}`);
      return new Promise(() => {});
    })
    .catch(() => undefined);
  return {
    own,
    lives: async (tab) => {
      if (locks === undefined) return false;
      try {
        return await locks.request(lockOf(tab), { ifAvailable: true }, (lock) => lock === null);
      } catch {
        return false;
      }
    },
    onEnd(tab, act) {
      if (locks === undefined || waitedFor.has(tab)) return;
      waitedFor.add(tab);
      // What cannot be taken over just now is found by the next page that starts.
      locks.request(lockOf(tab), act).catch(() => undefined);
    },
    onOther(listener) {
      if (locks !== undefined) listeners.push(listener);
    },
  };
}

/** Firefox refuses it where the page may keep nothing. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel('beseda-tabs');
  } catch {
    return undefined;
  }
}
