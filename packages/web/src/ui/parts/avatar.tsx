import { Icon } from './icon.tsx';
import styles from './avatar.module.css';

export interface AvatarProps {
  name: string;
  /** What the colour is derived from. */
  seed: string;
  group?: boolean;
  /** That of the chat with oneself: a bookmark, and no initials. */
  saved?: boolean;
  size?: 'small' | 'medium' | 'large';
  /** A dot; that it means “online” stands beside it in words. */
  online?: boolean;
}

/** A coloured shape with initials: round for people, rounded for groups. The name stands beside it. */
export function Avatar({ name, seed, group = false, saved = false, size = 'medium', online = false }: AvatarProps) {
  return (
    <span
      className={[styles.avatar, styles[size], group ? styles.group : ''].join(' ')}
      style={{ '--hue': hueOf(seed) }}
      aria-hidden="true"
    >
      {saved ? <Icon name="bookmark" /> : initials(name, group)}
      {online && <i className={styles.online} />}
    </span>
  );
}

/** A hue in degrees, the same for the same seed everywhere (FNV-1a). */
export function hueOf(seed: string): number {
  let hash = 0x811c9dc5;
  for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  // Neighbouring seeds differ in the low bits only until they are mixed.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % 360;
}

function initials(name: string, group: boolean): string {
  const words = name
    .trim()
    .split(/[\s_-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first = name, second] = words;
  return firstLetter(first) + (group && second !== undefined ? firstLetter(second) : '');
}

function firstLetter(word: string): string {
  return /[\p{L}\p{N}]/u.exec(word)?.[0].toLocaleUpperCase() ?? '';
}
