import { Menu } from '@base-ui/react/menu';
import type { ChatView } from '@beseda/client/store/views.ts';
import { Icon } from '../parts/icon.tsx';
import { pointOf, type Point } from '../parts/point.ts';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';

export interface ChatMenuProps {
  /** Undefined: closed. */
  place: { chat: ChatView; at: Point } | undefined;
  onClose: () => void;
}

/** What one can do to a chat of the list without opening it. */
export function ChatMenu({ place, onClose }: ChatMenuProps) {
  const words = useWords();
  const { client, notices } = useWorld();
  const chat = place?.chat;

  function toggle({ id, unread_count: count, last_message_id: lastId }: ChatView): void {
    if (count > 0) client.markRead(id, lastId);
    else void notices.attempt('markUnread', async () => client.markUnread(id, lastId));
  }

  return (
    <Menu.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal container={document.querySelector('nav')}>
        <Menu.Positioner
          className={popup.positioner}
          anchor={place === undefined ? null : pointOf(place.at)}
          side="bottom"
          align="start"
        >
          <Menu.Popup className={popup.menu}>
            {chat !== undefined && (
              <Menu.Item className={popup.item} onClick={() => toggle(chat)}>
                <Icon name={chat.unread_count > 0 ? 'check' : 'unread'} />
                {chat.unread_count > 0 ? words.markRead : words.markUnread}
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
