import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './update-offer.module.css';

/** Offers a newer version of the page; it is never taken unasked. */
export function UpdateOffer() {
  const words = useWords();
  const { update } = useWorld();
  const ready = useWatched(update.ready);
  return (
    <div role="status">
      {ready && (
        <p className={styles.offer}>
          {words.newVersion}
          <button type="button" onClick={update.take}>
            {words.update}
          </button>
        </p>
      )}
    </div>
  );
}
