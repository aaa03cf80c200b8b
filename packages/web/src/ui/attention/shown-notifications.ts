/** Those that the service worker has shown, also for pages that were closed since. */
export async function shownNotifications(): Promise<Notification[]> {
  if (!('serviceWorker' in navigator)) return [];
  const registration = await navigator.serviceWorker.getRegistration();
  return registration === undefined || !('getNotifications' in registration) ? [] : registration.getNotifications();
}

/** Takes them all away: what they say is not for whoever sits here next. */
export async function closeAllNotifications(): Promise<void> {
  for (const notification of await shownNotifications()) notification.close();
}
