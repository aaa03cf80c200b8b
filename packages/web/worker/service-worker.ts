// Keeps the files of the page, so that it opens without a network, and leads from a notification to its message. It
// keeps nothing of users and their data, and everything that is not such a file goes past it.

declare const self: ServiceWorkerGlobalScope;

/** The files of this build and its mark, which the build writes here. */
declare const FILES: readonly string[];
declare const MARK: string;

const PREFIX = 'beseda ';
const OWN = PREFIX + MARK;

/** Tabs may still run the build before this one: what they read later is in its cache. */
const CACHES = 2;

self.addEventListener('install', (event) => event.waitUntil(keepFiles()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(kept('/', request));
  } else if (FILES.includes(pathname) || pathname.startsWith('/assets/')) event.respondWith(kept(pathname, request));
});
self.addEventListener('message', ({ data }) => {
  // The one thing that pages say: the user wants the new version now.
  if (data === 'take over') void self.skipWaiting();
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path: unknown = event.notification.data;
  if (typeof path === 'string' && path.startsWith('/c/')) event.waitUntil(lead(path));
});

/** Whether an address is the client's page. */
function isPage(pathname: string): boolean {
  return pathname === '/' || pathname.startsWith('/c/');
}

/** Shows a chat in a tab that is there, one that shows it already if there is such a one; else in a new one. */
async function lead(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // The documentation, say, is of this origin too.
  const tabs = windows.filter(({ url }) => isPage(new URL(url).pathname));
  const chat = path.split('/').slice(0, 3).join('/');
  const shows = ({ url }: Client): boolean => `${new URL(url).pathname}/`.startsWith(`${chat}/`);
  const tab = tabs.find(shows) ?? tabs.find(({ visibilityState }) => visibilityState === 'visible') ?? tabs[0];
  if (tab === undefined) {
    await self.clients.openWindow(path);
    return;
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a page of this origin
  tab.postMessage({ open: path });
  await tab.focus();
}

async function keepFiles(): Promise<void> {
  const cache = await caches.open(OWN);
  // All or none; files under `assets` never change, and may come from the browser's own cache.
  await cache.addAll(
    FILES.map((path) => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'no-cache' })),
  );
}

async function takeOver(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN);
  await Promise.all(names.slice(0, Math.max(0, names.length - (CACHES - 1))).map(async (name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(path: string, request: Request): Promise<Response> {
  const own = await caches.open(OWN);
  return (await own.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}
