import { memo, Suspense } from 'react';
import { personSeed } from '../../state/chat-list.ts';
import { emojiOnly } from '../../state/emoji-only.ts';
import { IMAGE_ROOM, imageRoom, lookOf } from '../../state/file-looks.ts';
import { mayBeLong } from '../../state/folding.ts';
import { nameOf } from '../../state/people.ts';
import type { MessageItem } from '../../state/timeline.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Avatar, hueOf } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { usePeople } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { ForwardedFrom } from '../forward/forwarded-from.tsx';
import type { MessageActions } from './message-actions.ts';
import styles from './message-row.module.css';
import { Foldable } from './foldable.tsx';
import { MessageFiles } from '../later.ts';
import { MarkIcon } from './mark-icon.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { filesHeight } from './row-estimates.ts';

export interface MessageRowProps {
  message: MessageItem;
  isGroup: boolean;
  self: number;
  chatId: number;
  /** The how manieth time one was led somewhere: it was to this one, which glows for a moment. */
  lit: number | undefined;
  menuOpen: boolean;
  actions: MessageActions;
  onMore: (message: MessageItem, button: Element) => void;
  onJump: (messageId: number) => void;
}

/** One message: a bubble at the side of whoever wrote it. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, isGroup, self, chatId, lit, menuOpen, actions, onMore, onJump } = props;
  const words = useWords();
  const moments = useMoments();
  const people = usePeople();
  const { senderId, mine, first, last } = message;
  const person = mine ? undefined : people.person(senderId);
  const name = person === undefined ? '' : nameOf(person);
  const edited = message.edited && !message.deleted;
  const named = isGroup && !mine;
  const large = message.deleted || message.files.length > 0 ? undefined : emojiOnly(message.text);
  return (
    <article
      className={styles.row}
      data-key={message.key}
      data-mine={mine}
      data-first={first}
      data-last={last}
      data-named={named}
      data-emoji={large}
      // Led here again, it glows again: another animation begins anew.
      data-lit={lit === undefined ? undefined : lit % 2 === 1 ? 'once' : 'again'}
      data-menu={menuOpen}
      aria-label={mine ? words.you : name}
      tabIndex={-1}
    >
      {named && last && <Avatar name={name} seed={personSeed(senderId)} size="small" />}
      <div
        className={styles.bubble}
        data-reactions={message.reactions.length > 0}
        data-files={message.files.length === 0 ? undefined : filesLook(message)}
        style={{
          '--files-width': filesWidth(message.files),
          '--time-width': timeWidth(
            message.mark !== undefined && !message.deleted,
            edited ? words.edited : '',
            message.pinned,
            large !== undefined,
          ),
        }}
      >
        {named && first && (
          <p className={styles.from} dir="auto" style={{ '--hue': hueOf(personSeed(senderId)) }}>
            {name}
          </p>
        )}
        {message.forwardedFrom !== undefined && <ForwardedFrom userId={message.forwardedFrom} self={self} />}
        {message.replyTo !== null && !message.deleted && (
          <Quote chatId={chatId} self={self} replyTo={message.replyTo} onJump={onJump} />
        )}
        {message.files.length > 0 && (
          // Their room is kept until what shows them has been read.
          <Suspense fallback={<div className={styles.room} style={{ '--room': `${filesHeight(message)}px` }} />}>
            <MessageFiles files={message.files} />
          </Suspense>
        )}
        {message.files.length === 0 ? (
          <Text message={message} large={large !== undefined} />
        ) : (
          message.text !== '' && (
            <div className={styles.caption}>
              <Text message={message} large={false} />
            </div>
          )
        )}
        {message.reactions.length > 0 && <Reactions message={message} self={self} actions={actions} />}
        <span className={styles.meta}>
          {message.pinned && (
            <span className={styles.pinned} role="img" aria-label={words.messagePinned}>
              <Icon name="pin" />
            </span>
          )}
          {edited && <span>{words.edited}</span>}
          <time dateTime={message.at} title={moments.full(message.at)}>
            {moments.time(message.at)}
          </time>
          {message.mark !== undefined && !message.deleted && <MarkIcon mark={message.mark} />}
        </span>
        {!message.deleted && (
          <div className={styles.tools}>
            {(['👍', '❤️'] as const).map((emoji) => (
              <button
                key={emoji}
                type="button"
                tabIndex={-1}
                className={buttons.icon}
                aria-label={words.react(emoji)}
                onClick={() => actions.react(message, emoji, !hasReacted(message, emoji, self))}
              >
                {emoji}
              </button>
            ))}
            <button
              type="button"
              tabIndex={-1}
              className={buttons.icon}
              aria-label={words.moreReactions}
              aria-haspopup="dialog"
              onClick={({ currentTarget }) => actions.pickReaction(message, currentTarget)}
            >
              <Icon name="react" />
            </button>
            <button
              type="button"
              tabIndex={-1}
              className={buttons.icon}
              aria-label={words.reply}
              onClick={() => actions.reply(message)}
            >
              <Icon name="reply" />
            </button>
            <button
              type="button"
              tabIndex={-1}
              className={buttons.icon}
              aria-label={words.actions}
              aria-haspopup="menu"
              onClick={({ currentTarget }) => onMore(message, currentTarget)}
            >
              <Icon name="more" />
            </button>
          </div>
        )}
      </div>
      {message.mark === 'failed' && (
        <p className={styles.failed}>
          {words.notSent} {message.failure}{' '}
          <button type="button" onClick={() => actions.retry(message)}>
            {words.retry}
          </button>
        </p>
      )}
    </article>
  );
});

function Text({ message, large }: { message: MessageItem; large: boolean }) {
  const words = useWords();
  if (message.deleted) return <p className={styles.deleted}>{words.deletedMessage}</p>;
  if (large) return <p className={styles.emoji}>{message.text.replaceAll(/\s/g, '')}</p>;
  const text = <Markdown text={message.text} />;
  return mayBeLong(message.text) ? <Foldable id={message.key}>{text}</Foldable> : text;
}

/** The width of a bubble with images, with its edge; undefined where there are none. */
function filesWidth(files: MessageItem['files']): string | undefined {
  const images = files.filter((file) => lookOf(file) === 'image');
  const [lone] = images;
  if (lone === undefined) return undefined;
  return `${(images.length === 1 ? imageRoom(lone).width : IMAGE_ROOM.width) + 10}px`;
}

/** What stands at the end of the bubble: a text, where the time has its place, or files alone. */
function filesLook({ files, text }: MessageItem): 'with text' | 'images' | 'others' {
  if (text !== '') return 'with text';
  return files.every((file) => lookOf(file) === 'image') ? 'images' : 'others';
}

/** Whether one has reacted so; of very many who have, only the first are told by name. */
export function hasReacted(message: MessageItem, emoji: string, self: number): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.user_ids.includes(self));
}

/** The room that the time needs in the last line, with a ground of its own where it stands on no bubble. */
function timeWidth(marked: boolean, edited: string, pinned: boolean, grounded: boolean): string {
  const word = edited === '' ? 0 : edited.length * 0.4 + 0.3;
  return `${2.9 + (marked ? 1.2 : 0) + (pinned ? 1.1 : 0) + word + (grounded ? 0.8 : 0)}rem`;
}
