import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './notification-offer.module.css';
import { askPermission, permission } from './notification-permission.ts';

/** Offers notifications once they would have been of use; the browser asks only whoever wants them. */
export function NotificationOffer({ useful }: { useful: boolean }) {
  const words = useWords();
  const { preferences } = useWorld();
  const { notifications } = useWatched(preferences);
  const allowed = useWatched(permission);

  async function turnOn(): Promise<void> {
    preferences.change({ notifications: (await askPermission()) ? 'on' : 'later' });
  }

  const shown = useful && notifications === 'undecided' && (allowed === 'default' || allowed === 'granted');
  return (
    <div role="status">
      {shown && (
        <div className={styles.offer}>
          <p>{words.notificationOffer}</p>
          <div>
            <button type="button" onClick={() => preferences.change({ notifications: 'later' })}>
              {words.notNow}
            </button>
            <button type="button" onClick={() => void turnOn()}>
              {words.turnOn}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
