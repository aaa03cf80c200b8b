import { Menu } from '@base-ui/react/menu';
import { useEffect, useRef } from 'react';
import { mayEdit, type MessageItem } from '../../state/timeline.ts';
import { Icon } from '../parts/icon.tsx';
import { pointOf, type Point } from '../parts/point.ts';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import { quickReactions, type MessageActions } from './message-actions.ts';
import styles from './message-menu.module.css';
import { hasReacted } from './message-row.tsx';

/** For which message, and where: beside a button, or at a point of the screen. */
export interface MenuPlace {
  message: MessageItem;
  place: Element | Point;
}

export interface MessageMenuProps {
  /** Undefined: closed. */
  place: MenuPlace | undefined;
  self: number;
  /** Whether one may pin messages here. */
  mayPin: boolean;
  /** Whether it is the chat with oneself: what is there is saved, and nobody else reads it. */
  saved: boolean;
  actions: MessageActions;
  onClose: () => void;
}

/** Of an element that Tab passes over, the menu would take what is first in it: here the message itself is meant. */
function toMessage(message: HTMLElement | null): boolean {
  message?.focus({ preventScroll: true });
  return message !== null;
}

/** All that one can do to a message; the same by pointer, by keyboard and by a long press. */
export function MessageMenu({ place, self, mayPin, saved, actions, onClose }: MessageMenuProps) {
  const words = useWords();
  const message = place?.message;
  /** What was chosen takes the focus elsewhere. */
  const leads = useRef(false);
  const from = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place === undefined) return;
    leads.current = false;
    from.current = place.place instanceof Element ? place.place.closest<HTMLElement>('article') : null;
  }, [place]);
  const lead = (act: () => void) => () => {
    leads.current = true;
    act();
  };
  const anchor = place === undefined || place.place instanceof Element ? place?.place : pointOf(place.place);
  return (
    <Menu.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal container={document.querySelector('main')}>
        <Menu.Positioner
          className={popup.positioner}
          anchor={anchor ?? null}
          side="bottom"
          align="start"
          sideOffset={4}
        >
          <Menu.Popup className={popup.menu} finalFocus={() => !leads.current && !toMessage(from.current)}>
            {place !== undefined && message !== undefined && (
              <>
                <Menu.Group className={styles.quick} aria-label={words.reactions}>
                  {quickReactions.map((emoji) => (
                    <Menu.Item
                      key={emoji}
                      className={styles.emoji}
                      data-on={hasReacted(message, emoji, self)}
                      aria-label={words.react(emoji)}
                      onClick={() => actions.react(message, emoji, !hasReacted(message, emoji, self))}
                    >
                      {emoji}
                    </Menu.Item>
                  ))}
                  <Menu.Item
                    className={styles.emoji}
                    aria-label={words.moreReactions}
                    onClick={lead(() => actions.pickReaction(message, place.place))}
                  >
                    <Icon name="react" />
                  </Menu.Item>
                </Menu.Group>
                <div className={popup.rule} />
                {typeof message.id === 'number' && (
                  <Menu.Item className={popup.item} onClick={lead(() => actions.reply(message))}>
                    <Icon name="reply" />
                    {words.reply}
                  </Menu.Item>
                )}
                {typeof message.id === 'number' && (
                  <Menu.Item className={popup.item} onClick={lead(() => actions.forward(message))}>
                    <Icon name="forward" />
                    {words.forward}
                  </Menu.Item>
                )}
                {typeof message.id === 'number' && !saved && (
                  <Menu.Item className={popup.item} onClick={() => actions.save(message)}>
                    <Icon name="bookmark" />
                    {words.saveMessage}
                  </Menu.Item>
                )}
                <Menu.Item className={popup.item} onClick={() => actions.copy(message)}>
                  <Icon name="copy" />
                  {words.copy}
                </Menu.Item>
                {typeof message.id === 'number' && (
                  <Menu.Item className={popup.item} onClick={() => actions.copyLink(message)}>
                    <Icon name="link" />
                    {words.copyLink}
                  </Menu.Item>
                )}
                {typeof message.id === 'number' && !saved && (
                  <Menu.Item className={popup.item} onClick={() => actions.readers(message)}>
                    <Icon name="eye" />
                    {words.readers}
                  </Menu.Item>
                )}
                {typeof message.id === 'number' && mayPin && (
                  <Menu.Item className={popup.item} onClick={() => actions.pin(message, !message.pinned)}>
                    <Icon name={message.pinned ? 'unpin' : 'pin'} />
                    {message.pinned ? words.unpin : words.pin}
                  </Menu.Item>
                )}
                {message.mark === 'failed' && (
                  <Menu.Item className={popup.item} onClick={() => actions.retry(message)}>
                    <Icon name="retry" />
                    {words.retry}
                  </Menu.Item>
                )}
                {mayEdit(message) && (
                  <Menu.Item className={popup.item} onClick={lead(() => actions.edit(message))}>
                    <Icon name="edit" />
                    {words.edit}
                  </Menu.Item>
                )}
                {message.mine && (
                  <Menu.Item className={`${popup.item} ${popup.dangerous}`} onClick={() => actions.delete(message)}>
                    <Icon name="delete" />
                    {words.delete}
                  </Menu.Item>
                )}
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
