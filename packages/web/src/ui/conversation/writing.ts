import type { MessageItem } from '../../state/timeline.ts';

/** What is being written: something new, an answer, or another text for a message. */
export type Writing = { kind: 'new' } | { kind: 'reply'; to: MessageItem } | { kind: 'edit'; message: MessageItem };
