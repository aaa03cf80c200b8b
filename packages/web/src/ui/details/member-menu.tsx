import { Menu } from '@base-ui/react/menu';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import type { GroupAsk } from './group-ask.ts';

export interface MemberMenuProps {
  /** Undefined: closed. */
  place: { userId: number; name: string; button: Element } | undefined;
  /** Whether one may remove people and hand the group over. */
  creator: boolean;
  onWrite: (userId: number) => void;
  onAsk: (ask: GroupAsk) => void;
  onClose: () => void;
}

/** What one can do about a member of a group. */
export function MemberMenu({ place, creator, onWrite, onAsk, onClose }: MemberMenuProps) {
  const words = useWords();
  return (
    <Menu.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal container={document.querySelector('aside')}>
        <Menu.Positioner className={popup.positioner} anchor={place?.button ?? null} align="end" sideOffset={4}>
          <Menu.Popup className={popup.menu}>
            {place !== undefined && (
              <>
                <Menu.Item className={popup.item} onClick={() => onWrite(place.userId)}>
                  <Icon name="compose" />
                  {words.writeTo}
                </Menu.Item>
                {creator && (
                  <>
                    <Menu.Item
                      className={popup.item}
                      onClick={() => onAsk({ kind: 'hand over', userId: place.userId, name: place.name })}
                    >
                      <Icon name="group" />
                      {words.handOver}
                    </Menu.Item>
                    <Menu.Item
                      className={`${popup.item} ${popup.dangerous}`}
                      onClick={() => onAsk({ kind: 'remove', userId: place.userId, name: place.name })}
                    >
                      <Icon name="delete" />
                      {words.removeMember}
                    </Menu.Item>
                  </>
                )}
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
