import { useEffect, useRef, useState } from 'react';
import type { Drafts } from '../../state/drafts.ts';

/**
 * The text in the field where one writes: the chat's draft, which another tab may write too; or, where a message is
 * changed, what it is to become.
 */
export function useWritten(
  drafts: Drafts,
  chatId: number,
  changed: string | undefined,
): [text: string, write: (text: string) => void] {
  const [text, setText] = useState(changed ?? drafts.of(chatId));
  const isDraft = changed === undefined;
  /** The draft as it is known here; spaces alone are in the field, and no draft. */
  const known = useRef(drafts.of(chatId));

  useEffect(() => {
    if (!isDraft) return undefined;
    return drafts.watch(() => {
      const draft = drafts.of(chatId);
      if (draft === known.current) return;
      known.current = draft;
      setText(draft);
    });
  }, [drafts, chatId, isDraft]);

  return [
    text,
    (next) => {
      setText(next);
      if (!isDraft) return;
      known.current = next.trim() === '' ? '' : next;
      drafts.write(chatId, next);
    },
  ];
}
