import { Menu } from '@base-ui/react/menu';
import type { ChatView } from '@beseda/client/store/views.ts';
import { Icon } from '../parts/icon.tsx';
import { pointOf, type Point } from '../parts/point.ts';
import popup from '../parts/popup.module.css';
import { useChatSettings } from '../use-chat-settings.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';

export interface ChatMenuProps {
  /** Where it belongs: to the list, or to the chat that is open. */
  within: 'nav' | 'main';
  /** At a point, or at a button. Undefined: closed. */
  place: { chat: ChatView; at: Point | Element } | undefined;
  onClose: () => void;
}

/** What one can do to a chat as a whole. */
export function ChatMenu({ within, place, onClose }: ChatMenuProps) {
  const words = useWords();
  const { client, notices } = useWorld();
  const set = useChatSettings();
  const chat = place?.chat;

  function toggleRead({ id, unread_count: count, last_message_id: lastId }: ChatView): void {
    if (count > 0) client.markRead(id, lastId);
    else void notices.attempt('markUnread', async () => client.markUnread(id, lastId));
  }

  return (
    <Menu.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal container={document.querySelector(within)}>
        <Menu.Positioner
          className={popup.positioner}
          anchor={place === undefined ? null : place.at instanceof Element ? place.at : pointOf(place.at)}
          side="bottom"
          align={within === 'main' ? 'end' : 'start'}
          sideOffset={within === 'main' ? 4 : 0}
        >
          <Menu.Popup className={popup.menu}>
            {chat !== undefined && (
              <>
                <Menu.Item className={popup.item} onClick={() => set(chat.id, { pinned: !chat.pinned })}>
                  <Icon name={chat.pinned ? 'unpin' : 'pin'} />
                  {chat.pinned ? words.unpin : words.pin}
                </Menu.Item>
                <Menu.Item className={popup.item} onClick={() => set(chat.id, { muted: !chat.muted })}>
                  <Icon name={chat.muted ? 'bell' : 'muted'} />
                  {chat.muted ? words.unmute : words.mute}
                </Menu.Item>
                {/* There is nothing to read, or to leave unread, where nothing was said. */}
                {chat.last_message_id > 0 && (
                  <Menu.Item className={popup.item} onClick={() => toggleRead(chat)}>
                    <Icon name={chat.unread_count > 0 ? 'check' : 'unread'} />
                    {chat.unread_count > 0 ? words.markRead : words.markUnread}
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
