import { parsePath, pathOf } from '../../state/address.ts';
import type { NotificationScreen } from '../../state/notifier.ts';
import { go } from '../navigation.ts';
import { ownNotifications, serviceWorker, shownNotifications } from './shown-notifications.ts';

/** Tags of ours, each with the chat. */
const TAG = 'chat ';

/**
 * Notifications of the browser. The service worker shows them where there is one, so that they outlast the page and a
 * click opens it again; else the page does itself.
 */
export function browserNotifications(): NotificationScreen {
  return {
    async show({ chatId, messageId, title, body }) {
      const tag = `${TAG}${chatId}`;
      const path = pathOf({ chatId, messageId });
      const options = {
        body,
        tag,
        data: path,
        icon: '/icon-192.png',
        // The newer takes the place of the older, and is told all the same.
        renotify: true,
        // The sound is the page's own, where one is wanted.
        silent: true,
      };
      const registration = await serviceWorker();
      try {
        if (registration?.active) {
          await registration.showNotification(title, options);
          return;
        }
        const notification = new Notification(title, options);
        notification.addEventListener('click', () => {
          notification.close();
          window.focus();
          go(parsePath(path));
        });
        notification.addEventListener('close', () => {
          // By then a newer one may have taken its place.
          if (ownNotifications.get(tag) === notification) ownNotifications.delete(tag);
        });
        ownNotifications.set(tag, notification);
      } catch {
        // The permission has just been taken back; or a browser on a phone, which shows none without a service worker.
      }
    },
    async shown() {
      return (await shownNotifications()).flatMap(({ data }) => {
        const { chatId, messageId } = parsePath(String(data));
        return chatId === undefined || messageId === undefined ? [] : [{ chatId, messageId }];
      });
    },
    async close(chatId) {
      for (const notification of await shownNotifications()) {
        if (notification.tag === `${TAG}${chatId}`) notification.close();
      }
    },
  };
}
