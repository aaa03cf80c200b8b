/** Those that this page shows itself, by their tags: see `browserNotifications`. */
export const ownNotifications = new Map<string, Notification>();

/** All of this address, also those that the service worker has shown for pages that were closed since. */
export async function shownNotifications(): Promise<Notification[]> {
  return [...(await workerNotifications()), ...ownNotifications.values()];
}

/** Takes them all away: what they say is not for whoever sits here next. */
export async function closeAllNotifications(): Promise<void> {
  for (const notification of await shownNotifications()) notification.close();
}

async function workerNotifications(): Promise<Notification[]> {
  const registration = await serviceWorker();
  return registration === undefined || !('getNotifications' in registration) ? [] : registration.getNotifications();
}

/** Undefined where there is none, or the browser refuses one because the page may keep nothing. */
export async function serviceWorker(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  try {
    return await navigator.serviceWorker.getRegistration();
  } catch {
    return undefined;
  }
}
