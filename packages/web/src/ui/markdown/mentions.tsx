import type { User } from '@beseda/protocol/users.ts';
import { createContext, Fragment, use, type ReactNode } from 'react';
import { mentionParts } from '../../state/mentions.ts';
import styles from './mentions.module.css';

/** Whom texts may name. */
export interface Mentions {
  self: number;
  /** Whose username it is; undefined: nobody's of this chat. */
  find: (username: string) => User | undefined;
  /** Shows who that is, beside the name. */
  show: (user: User, at: Element) => void;
}

/** Undefined: where nobody is looked for, as in a link. */
export const MentionsContext = createContext<Mentions | undefined>(undefined);

/** A text in which those whom it names stand out. */
export function Mentioned({ text, plain }: { text: string; plain: (text: string) => ReactNode }) {
  const mentions = use(MentionsContext);
  if (mentions === undefined) return plain(text);
  return mentionParts(text, mentions.find).map((part, index) =>
    typeof part === 'string' ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of a text never change their order
      <Fragment key={index}>{plain(part)}</Fragment>
    ) : (
      <button
        // oxlint-disable-next-line react/no-array-index-key -- see above
        key={index}
        type="button"
        className={styles.mention}
        data-self={part.person.id === mentions.self}
        aria-haspopup="dialog"
        onClick={({ currentTarget }) => mentions.show(part.person, currentTarget)}
      >
        {part.written}
      </button>
    ),
  );
}
