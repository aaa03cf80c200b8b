import type { ChatView } from '@beseda/client/store/views.ts';
import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { saveFile } from '../save-file.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './chat-switches.module.css';

const TYPES = { html: 'text/html', json: 'application/json' };

/** All of the chat as a file to keep. */
export function ExportChat({ chat }: { chat: ChatView }) {
  const words = useWords();
  const { client, notices } = useWorld();
  const [preparing, setPreparing] = useState(false);

  async function save(format: 'html' | 'json'): Promise<void> {
    setPreparing(true);
    await notices.attempt('exportChat', async () => {
      const text = await client.api.chats.export(chat.id, {
        format,
        language: words.locale === 'ru' ? 'ru' : 'en',
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
      saveFile(new Blob([text], { type: TYPES[format] }), `${chat.name}.${format}`);
    });
    setPreparing(false);
  }

  return (
    <div className={styles.switches}>
      <Menu.Root>
        <Menu.Trigger className={styles.switch} disabled={preparing}>
          <Icon name="download" />
          <span>{preparing ? words.preparingExport : words.exportChat}</span>
        </Menu.Trigger>
        <Menu.Portal container={document.querySelector('aside')}>
          <Menu.Positioner className={popup.positioner} align="start" sideOffset={4}>
            <Menu.Popup className={popup.menu}>
              <Menu.Item className={popup.item} onClick={() => void save('html')}>
                <Icon name="eye" />
                {words.exportPage}
              </Menu.Item>
              <Menu.Item className={popup.item} onClick={() => void save('json')}>
                <Icon name="copy" />
                {words.exportData}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
