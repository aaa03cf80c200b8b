import { askPermission, permission, type NotificationPermissionState } from '../attention/notification-permission.ts';
import { ring } from '../attention/sound.ts';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Section } from './section.tsx';
import { Switch } from './switch.tsx';

/** What tells of messages while one is elsewhere. */
export function NotificationSettings() {
  const words = useWords();
  const { preferences } = useWorld();
  const { notifications, sound } = useWatched(preferences);
  const allowed = useWatched(permission);
  const notes: Record<NotificationPermissionState, string> = {
    unsupported: words.notificationsUnsupported,
    denied: words.notificationsRefused,
    default: words.notificationsNotAsked,
    granted: words.notificationsTold,
  };

  async function change(on: boolean): Promise<void> {
    preferences.change({ notifications: on && (await askPermission()) ? 'on' : 'later' });
  }

  return (
    <Section title={words.notificationsTitle}>
      <Switch
        name={words.notificationsShow}
        note={notes[allowed]}
        on={notifications === 'on' && allowed === 'granted'}
        disabled={allowed === 'unsupported' || allowed === 'denied'}
        onChange={(on) => void change(on)}
      />
      <Switch
        name={words.sound}
        note={words.soundTold}
        on={sound}
        onChange={(on) => {
          preferences.change({ sound: on });
          // This is what it will be like.
          if (on) ring();
        }}
      />
    </Section>
  );
}
