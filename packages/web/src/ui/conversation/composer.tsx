import type { ChatView } from '@beseda/client/store/views.ts';
import { TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { Suspense, useEffect, useId, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { Written } from '../../state/completion.ts';
import { sends } from '../../state/enter-key.ts';
import type { Attachment, ChosenFile } from '../../state/file-uploads.ts';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { chosenFiles, filesIn } from '../files/chosen-files.ts';
import { AttachButton, AttachmentList, CompletionList, DropZone } from '../later.ts';
import { optionId } from './option-id.ts';
import { ComposerAbout } from './composer-about.tsx';
import { ComposerEmoji } from './composer-emoji.tsx';
import styles from './composer.module.css';
import type { Writing } from './writing.ts';
import { useCompletion } from './use-completion.ts';
import { useWritten } from './use-written.ts';

export interface ComposerProps {
  chat: ChatView;
  self: number;
  writing: Writing;
  /** Back to writing something new. */
  onDone: () => void;
  onSent: () => void;
  onEditLast: () => void;
}

const NONE: readonly Attachment[] = [];

/** Where one writes. It grows with the text; what is not sent is kept. */
export function Composer({ chat, self, writing, onDone, onSent, onEditLast }: ComposerProps) {
  const words = useWords();
  const { client, drafts, notices, preferences, uploads } = useWorld();
  const { enter } = useWatched(preferences);
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useWritten(drafts, chat.id, writing.kind === 'edit' ? writing.message.text : undefined);
  const attachments = useWatched(uploads).get(chat.id) ?? NONE;
  const attached = writing.kind === 'edit' ? NONE : attachments;
  /** Each has arrived or has failed; what has failed is not sent. */
  const ready = attached.every(({ file, failure }) => file !== undefined || failure !== undefined);
  const sendable = ready && (text.trim() !== '' || attached.some(({ file }) => file !== undefined));
  const listId = useId();
  const { completion, shown } = useCompletion(chat.id, self);
  /** Where the caret goes once the text that was put in is there. */
  const caretTo = useRef<number>(undefined);

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
    if (caretTo.current !== undefined) element.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = undefined;
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
    client.typing(chat.id, next.trim() !== '');
  }

  /** Puts a text in, as if it had been typed. */
  function put(next: Written | undefined): void {
    if (next === undefined) return;
    caretTo.current = next.caret;
    write(next.text);
  }

  function insert(emoji: string): void {
    const [from, to] = [area.current?.selectionStart ?? text.length, area.current?.selectionEnd ?? text.length];
    put({ text: text.slice(0, from) + emoji + text.slice(to), caret: from + emoji.length });
  }

  function submit(): void {
    completion.leave();
    const trimmed = text.trim();
    if (!sendable) return;
    if (writing.kind === 'edit') {
      const { message } = writing;
      if (trimmed !== message.text) {
        void notices.attempt('edit', async () => client.edit(chat.id, message.id, trimmed));
      }
    } else {
      const replyTo = writing.kind === 'reply' && typeof writing.to.id === 'number' ? { replyTo: writing.to.id } : {};
      const files = uploads.take(chat.id);
      void client.send(chat.id, trimmed, files.length === 0 ? replyTo : { ...replyTo, files });
      write('');
      onSent();
    }
    onDone();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (shown !== undefined && complete(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
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

  /** Does what a key means while something is suggested. */
  function complete({ key, shiftKey }: KeyboardEvent): boolean {
    if (key === 'ArrowDown') completion.step(1);
    else if (key === 'ArrowUp') completion.step(-1);
    else if ((key === 'Enter' || key === 'Tab') && !shiftKey) put(completion.take());
    else if (key === 'Escape') completion.close();
    else return false;
    return true;
  }

  function attach(chosen: readonly ChosenFile[]): void {
    const taken = uploads.add(chat.id, chosen);
    if (taken < chosen.length) notices.tell({ kind: 'too many files' });
    area.current?.focus();
  }

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
        {writing.kind !== 'new' && <ComposerAbout writing={writing} self={self} onDone={onDone} />}
        {writing.kind !== 'edit' && (
          <Suspense>
            <DropZone name={chat.name} onDrop={attach} />
          </Suspense>
        )}
        {attached.length > 0 && (
          <Suspense>
            <AttachmentList
              attachments={attached}
              onRemove={(key) => uploads.remove(chat.id, key)}
              onRetry={(key) => uploads.retry(chat.id, key)}
            />
          </Suspense>
        )}
        <Suspense>
          <CompletionList
            id={listId}
            shown={shown}
            onPoint={completion.point}
            onTake={(index) => put(completion.take(index))}
          />
        </Suspense>
        {writing.kind !== 'edit' && (
          <Suspense fallback={<span className={styles.attach} />}>
            <AttachButton className={styles.attach ?? ''} onChoose={attach} />
          </Suspense>
        )}
        <textarea
          ref={area}
          dir="auto"
          rows={1}
          value={text}
          maxLength={TEXT_LENGTH.max}
          placeholder={label}
          aria-label={label}
          enterKeyHint={enter === 'send' ? 'send' : 'enter'}
          // A field of several lines may not be called a combobox, and works as one by these.
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={shown === undefined ? undefined : listId}
          aria-activedescendant={shown === undefined ? undefined : optionId(listId, shown.at)}
          onChange={({ target }) => {
            write(target.value);
            completion.write({ text: target.value, caret: target.selectionStart });
          }}
          onSelect={({ currentTarget }) => {
            completion.moveCaret({ text: currentTarget.value, caret: currentTarget.selectionStart });
          }}
          onBlur={completion.leave}
          onPaste={(event) => {
            const files = filesIn(event.clipboardData);
            // What is copied from a document is a text and, for those who have no text, an image of it.
            if (writing.kind === 'edit' || files.length === 0 || event.clipboardData.types.includes('text/plain'))
              return;
            event.preventDefault();
            attach(chosenFiles(files));
          }}
          onKeyDown={onKeyDown}
        />
        <ComposerEmoji area={area} onPick={insert} />
        <button
          type="submit"
          className={styles.send}
          aria-label={writing.kind === 'edit' ? words.save : words.send}
          disabled={!sendable}
        >
          <Icon name={writing.kind === 'edit' ? 'check' : 'send'} />
        </button>
      </form>
    </div>
  );
}
