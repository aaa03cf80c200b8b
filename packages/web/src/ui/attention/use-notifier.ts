import { systemClock } from '@beseda/client/clock.ts';
import { useEffect, useEffectEvent, useState } from 'react';
import { parsePath } from '../../state/address.ts';
import type { FilesSummary } from '../../state/file-looks.ts';
import { createNotifier } from '../../state/notifier.ts';
import { go } from '../navigation.ts';
import { filesText } from '../files/said-of.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { browserNotifications } from './browser-notifications.ts';
import { permission } from './notification-permission.ts';
import { closeAllNotifications } from './shown-notifications.ts';
import { ring } from './sound.ts';
import { tabsByLocks } from './tabs-by-locks.ts';

/**
 * Tells of what comes while nobody looks, as the reader wants it.
 *
 * @param open the chat that this tab shows.
 * @returns whether notifications would be of use.
 */
export function useNotifier(open: number | undefined): boolean {
  const { client, people, preferences } = useWorld();
  const words = useWords();
  const [useful, setUseful] = useState(false);
  const [tab, setTab] = useState<{ changed(): void }>();
  const openChat = useEffectEvent(() => open);
  const someone = useEffectEvent(() => words.someone);
  const inWords = useEffectEvent((files: FilesSummary) => filesText(words, files));

  useEffect(() => {
    const own = tabsByLocks(navigator.locks, () => ({
      visible: document.visibilityState === 'visible',
      front: document.visibilityState === 'visible' && document.hasFocus(),
      chatId: openChat(),
    }));
    const notifier = createNotifier({
      client,
      people,
      screen: browserNotifications(),
      tabs: own,
      clock: systemClock,
      ring,
      wishes() {
        const { notifications, sound } = preferences.get();
        return { notifications: notifications === 'on' && permission.get() === 'granted', sound };
      },
      someone: () => someone(),
      filesText: (files) => inWords(files),
    });
    const stopWatching = notifier.useful.watch(() => setUseful(notifier.useful.get()));
    const ends = new AbortController();
    const { signal } = ends;
    document.addEventListener('visibilitychange', own.changed, { signal });
    globalThis.addEventListener('focus', own.changed, { signal });
    globalThis.addEventListener('blur', own.changed, { signal });
    // oxlint-disable-next-line react/set-state-in-effect -- it lives as long as the view
    setTab(own);
    return () => {
      ends.abort();
      stopWatching();
      notifier.stop();
      own.stop();
      void closeAllNotifications();
    };
  }, [client, people, preferences]);

  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another chat is what it tells of
  useEffect(() => tab?.changed(), [tab, open]);

  useEffect(() => {
    if (!('serviceWorker' in navigator)) return undefined;
    // Its notification was clicked on.
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data !== 'object' || data === null || !('open' in data) || typeof data.open !== 'string') return;
      go(parsePath(data.open));
    };
    navigator.serviceWorker.addEventListener('message', hear);
    return () => navigator.serviceWorker.removeEventListener('message', hear);
  }, []);

  return useful;
}
