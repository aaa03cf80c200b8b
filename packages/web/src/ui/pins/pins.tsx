import { useEffect, useRef } from 'react';
import { useChat, usePins, useSynced } from '../use-watched.ts';
import { useWorld } from '../world.ts';
import { PinBar } from './pin-bar.tsx';

export interface PinsProps {
  chatId: number;
  self: number;
  /** Shows a message in the conversation. */
  onShow: (messageId: number) => void;
}

/** What is pinned in a chat, above its messages; nothing where nothing is. */
export function Pins({ chatId, self, onShow }: PinsProps) {
  const { client } = useWorld();
  const chat = useChat(chatId);
  const pins = usePins(chatId);
  const live = useSynced();

  useEffect(() => {
    // Where it cannot be read just now, it is read with the next connection.
    if (live && pins === undefined) client.loadPins(chatId).catch(() => undefined);
  }, [client, chatId, live, pins]);

  const none = pins === undefined || pins.length === 0;
  const hadSome = useRef(false);
  useEffect(() => {
    // What had the focus may have gone with the last of them, once a dialog has given it back.
    if (none && hadSome.current) requestAnimationFrame(toField);
    hadSome.current = !none;
  }, [none]);

  if (chat === undefined || pins === undefined || pins.length === 0) return null;
  return <PinBar chat={chat} pins={pins} self={self} onShow={onShow} />;
}

/** Where one writes, as long as that brings no keyboard onto the screen. */
function toField(): void {
  if (document.activeElement !== document.body || matchMedia('(pointer: coarse)').matches) return;
  document.querySelector<HTMLElement>('main textarea')?.focus();
}
