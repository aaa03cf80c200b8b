import { MESSAGE_FILES } from '@beseda/protocol/limits.ts';
import type { Notice } from '../../state/notices.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './notice-list.module.css';

/** What is told for a while: what failed, and what can still be undone. Read out when nothing else is. */
export function NoticeList() {
  const words = useWords();
  const { notices } = useWorld();
  const shown = useWatched(notices);
  return (
    // Who is at a notice, by pointer or by keyboard, keeps it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- see above
    <section
      className={styles.notices}
      aria-label={words.notices}
      aria-live="polite"
      onMouseEnter={() => notices.hold(true)}
      onMouseLeave={() => notices.hold(false)}
      onFocus={() => notices.hold(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) notices.hold(false);
      }}
    >
      {shown.map((notice) => (
        <div key={notice.key} className={styles.notice}>
          <NoticeText notice={notice} />
          <NoticeAction notice={notice} onDone={() => notices.close(notice.key)} />
          <button
            type="button"
            className={buttons.icon}
            aria-label={words.close}
            onClick={() => {
              // What was held by the pointer here is let go of with it.
              notices.hold(false);
              notices.close(notice.key);
              toField();
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}

/** The focus was on what is gone now: it goes where one writes, as long as that brings no keyboard onto the screen. */
function toField(): void {
  if (matchMedia('(pointer: coarse)').matches) return;
  document.querySelector<HTMLElement>('main textarea')?.focus();
}

function NoticeText({ notice }: { notice: Notice }) {
  const words = useWords();
  switch (notice.kind) {
    case 'failed':
      return (
        <p>
          <b>{words.failed[notice.deed]}</b> {errorText(words, notice.problem)}
        </p>
      );
    case 'deleted':
      return <p>{words.messageDeleted}</p>;
    case 'left':
      return <p>{words.groupLeft(notice.name)}</p>;
    case 'link copied':
      return <p>{words.linkCopied}</p>;
    case 'saved':
      return <p>{words.messageSaved}</p>;
    case 'forwarded':
      return <p>{words.forwarded(notice.count)}</p>;
    case 'too many files':
      return <p>{words.tooManyFiles(MESSAGE_FILES.max)}</p>;
  }
}

function NoticeAction({ notice, onDone }: { notice: Notice; onDone: () => void }) {
  const words = useWords();
  const { notices } = useWorld();
  const act = notice.kind === 'failed' ? notice.again : notice.kind === 'deleted' ? notice.undo : undefined;
  if (act === undefined) return null;
  return (
    <button
      type="button"
      className={styles.act}
      onClick={() => {
        notices.hold(false);
        act();
        onDone();
        toField();
      }}
    >
      {notice.kind === 'failed' ? words.retry : words.undo}
    </button>
  );
}
