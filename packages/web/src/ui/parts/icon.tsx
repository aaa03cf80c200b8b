import styles from './icon.module.css';

/** Strokes on a field of 24 by 24. */
const paths = {
  compose: 'M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4',
  search: 'M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0M20 20l-4-4',
  back: 'm15 5-7 7 7 7',
  panel: 'M6 5h12a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3M15 5v14',
  reply: 'm9 7-5 5 5 5M4 12h9a7 7 0 0 1 7 7',
  forward: 'm15 7 5 5-5 5M20 12h-9a7 7 0 0 0-7 7',
  more: 'M5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.500 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M18 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4',
  delete: 'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7M10.200 11v4.500M13.800 11v4.500',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  download: 'M12 4v11M7.500 10.500 12 15l4.500-4.500M5 19.500h14',
  close: 'M6 6l12 12M18 6 6 18',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1',
  check: 'm5 12.500 4.500 4.500L19 7',
  down: 'm6 9.500 6 6 6-6',
  group:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20a6.500 6.500 0 0 1 13 0M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.400a6.500 6.500 0 0 1 3.500 5.600',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  retry: 'M19.500 12a7.500 7.500 0 1 1-2.200-5.300M19.500 4v4.500H15',
  signOut: 'M10 4H5.500v16H10M15 8l4 4-4 4M19 12H9.500',
  settings:
    'M4 7h9M19 7h1M4 17h1M11 17h9M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5',
  unread: 'M20 12.500A8 8 0 1 1 11.500 4M18.500 8.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  pin: 'M8.500 4h7M10 4v5.500L7 13.500h10L14 9.500V4M12 13.500V20',
  unpin: 'M8.500 4h7M10 4v5.500L7 13.500h10L14 9.500V4M12 13.500V20M4.500 4.500l15 15',
  list: 'M9 6.500h11M9 12h11M9 17.500h11M4.500 6.500h.01M4.500 12h.01M4.500 17.500h.01',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  bell: 'M6.500 16.500V11a5.500 5.500 0 0 1 11 0v5.500L19 18H5zM10.300 20.700a2 2 0 0 0 3.400 0',
  muted:
    'M8.300 6.900A5.500 5.500 0 0 1 17.500 11v4.500M17 18H5l1.500-1.500V11a5.500 5.500 0 0 1 .3-1.800M10.300 20.700a2 2 0 0 0 3.400 0M4.500 4.500l15 15',
  attach:
    'm20 11.500-7.800 7.800a5 5 0 0 1-7.100-7.100l8.100-8.100a3.400 3.400 0 0 1 4.800 4.800l-8.100 8.100a1.700 1.700 0 0 1-2.400-2.400l7.400-7.400',
  file: 'M13.500 3.500H7.500A2 2 0 0 0 5.500 5.500v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V8.500zM13.500 3.500v5h5',
  save: 'M12 4v11M7 10.500l5 5 5-5M5 19.500h14',
  smile: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M9.300 9.800h.01M14.700 9.800h.01M8.700 14a4 4 0 0 0 6.600 0',
  react:
    'M13.500 4.150A8 8 0 1 0 19.850 10.500M9.300 9.800h.01M14.700 9.800h.01M8.700 14a4 4 0 0 0 6.600 0M18.500 2.500v6M15.500 5.500h6',
  chats:
    'M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v7a2.500 2.500 0 0 1-2.500 2.500H11l-4.500 4v-4A2.500 2.500 0 0 1 4 13.500z',
} as const;

export type IconName = keyof typeof paths | 'send';

/** Those that point along the line, which runs the other way in some languages. */
const pointing: ReadonlySet<IconName> = new Set(['back', 'panel', 'reply', 'forward', 'retry', 'signOut', 'send']);

/** A picture beside words, or in a button that is named: never read out by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className={name === 'send' ? styles.filled : styles.icon}
      data-pointing={pointing.has(name) || undefined}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={name === 'send' ? 'M4 12 20 4l-4.5 16-3.6-6.300z' : paths[name]} />
    </svg>
  );
}
