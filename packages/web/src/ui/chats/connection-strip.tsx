import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './connection-strip.module.css';

/** A quiet line about the connection, while there is something to say. */
export function ConnectionStrip() {
  const words = useWords();
  const line = useWatched(useWorld().connection);
  return (
    <p className={styles.strip} role="status">
      {line === 'connecting' && words.connecting}
      {line === 'offline' && words.offline}
    </p>
  );
}
