import { settable, type Watched } from '../state/watched.ts';
import { ownScript } from './own-script.ts';

/** A newer version of the page, which waits until it is wanted. */
export interface AppUpdate {
  ready: Watched<boolean>;
  /** Takes it: this page is read anew. Other tabs go on with the version that they have. */
  take: () => void;
}

const SCRIPT = '/service-worker.js';

/** Between two looks for a newer version while the page stays open, in milliseconds. */
const LOOK_EVERY_MS = 60 * 60_000;

/**
 * Has the browser keep the page's files, so that it opens without a network. Where it cannot (a plain `http` address
 * that is not this machine's, say), the page works as before, with one.
 */
export function keepPageOffline(): AppUpdate {
  const ready = settable(false);
  let waiting: ServiceWorker | undefined;
  if ('serviceWorker' in navigator) void register();

  function wait(worker: ServiceWorker): void {
    waiting = worker;
    ready.set(true);
  }

  async function register(): Promise<void> {
    try {
      const registration = await navigator.serviceWorker.register(ownScript('service-worker', SCRIPT));
      if (registration.waiting !== null) wait(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => {
          // The very first one replaces nothing.
          if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) wait(worker);
        });
      });
      setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
    } catch {
      // The browser may keep nothing, or the server was just not there: the next start tries again.
    }
  }

  return {
    ready,
    take() {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- workers have none to name
      waiting?.postMessage('take over');
    },
  };
}
