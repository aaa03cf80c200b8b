import type { ChatView } from '@beseda/client/store/views.ts';
import { Suspense, useState } from 'react';
import { ChatMenu } from '../later.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';

/** What one can do to the chat that is open, for those who do not look for it in the list. */
export function ChatMenuButton({ chat }: { chat: ChatView }) {
  const words = useWords();
  const [button, setButton] = useState<Element>();
  const [wanted, setWanted] = useState(false);
  return (
    <>
      <button
        type="button"
        className={buttons.icon}
        aria-label={words.chatActions}
        aria-haspopup="menu"
        aria-expanded={button !== undefined}
        onClick={({ currentTarget }) => {
          setWanted(true);
          setButton(currentTarget);
        }}
      >
        <Icon name="more" />
      </button>
      {wanted && (
        <Suspense>
          <ChatMenu
            within="main"
            place={button === undefined ? undefined : { chat, at: button }}
            onClose={() => setButton(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
