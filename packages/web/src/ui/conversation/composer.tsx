import type { ChatView } from '@beseda/client/store/views.ts';
import { TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { oneLine } from '../../state/chat-list.ts';
import { sends } from '../../state/enter-key.ts';
import { nameOf } from '../../state/people.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { usePeople, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './composer.module.css';
import type { Writing } from './conversation-pane.tsx';

export interface ComposerProps {
  chat: ChatView;
  self: number;
  writing: Writing;
  /** Back to writing something new. */
  onDone: () => void;
  onSent: () => void;
  onEditLast: () => void;
}

/** Where one writes. It grows with the text; what is not sent is kept. */
export function Composer({ chat, self, writing, onDone, onSent, onEditLast }: ComposerProps) {
  const words = useWords();
  const { client, drafts, notices, preferences } = useWorld();
  const { enter } = useWatched(preferences);
  const people = usePeople();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(writing.kind === 'edit' ? writing.message.text : drafts.of(chat.id));

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the text is what makes it grow
  }, [text]);

  useEffect(() => {
    // On a phone the keyboard would cover the messages that one came to read.
    if (writing.kind === 'new' && matchMedia('(pointer: coarse)').matches) return;
    area.current?.focus();
    const end = area.current?.value.length ?? 0;
    area.current?.setSelectionRange(end, end);
  }, [writing]);

  // Who leaves the chat types in it no more.
  useEffect(() => () => client.typing(chat.id, false), [client, chat.id]);

  function write(next: string): void {
    setText(next);
    if (writing.kind === 'edit') return;
    drafts.write(chat.id, next);
    client.typing(chat.id, next.trim() !== '');
  }

  function submit(): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (writing.kind === 'edit') {
      const { message } = writing;
      if (trimmed !== message.text) {
        void notices.attempt('edit', async () => client.edit(chat.id, message.id, trimmed));
      }
    } else {
      const replyTo = writing.kind === 'reply' && typeof writing.to.id === 'number' ? { replyTo: writing.to.id } : {};
      void client.send(chat.id, trimmed, replyTo);
      write('');
      onSent();
    }
    onDone();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (sends(event, enter)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && writing.kind !== 'new') {
      event.stopPropagation();
      onDone();
    } else if (event.key === 'ArrowUp' && text === '' && writing.kind === 'new') {
      event.preventDefault();
      onEditLast();
    }
  }

  const about = writing.kind === 'new' ? undefined : writing.kind === 'edit' ? writing.message : writing.to;
  const person = about === undefined || about.senderId === self ? undefined : people.person(about.senderId);
  const name = person === undefined ? words.you : nameOf(person);
  const label = words.messageTo(chat.name);
  return (
    <div className={styles.composer}>
      <form
        className={styles.box}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {about !== undefined && (
          <div className={styles.about}>
            <Icon name={writing.kind === 'edit' ? 'edit' : 'reply'} />
            <p>
              <b>{writing.kind === 'edit' ? words.editing : words.replyingTo(name)}</b>
              <span>{oneLine(about.text)}</span>
            </p>
            <button
              type="button"
              className={buttons.icon}
              aria-label={writing.kind === 'edit' ? words.cancelEdit : words.cancelReply}
              onClick={onDone}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
        <textarea
          ref={area}
          rows={1}
          value={text}
          maxLength={TEXT_LENGTH.max}
          placeholder={label}
          aria-label={label}
          enterKeyHint={enter === 'send' ? 'send' : 'enter'}
          onChange={({ target }) => write(target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          className={styles.send}
          aria-label={writing.kind === 'edit' ? words.save : words.send}
          disabled={text.trim() === ''}
        >
          <Icon name={writing.kind === 'edit' ? 'check' : 'send'} />
        </button>
      </form>
    </div>
  );
}
