import { Suspense, useEffect } from 'react';
import { PinBar } from '../later.ts';
import { useChat, usePins, useSynced } from '../use-watched.ts';
import { useWorld } from '../world.ts';

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

  if (chat === undefined || pins === undefined || pins.length === 0) return null;
  return (
    <Suspense>
      <PinBar chat={chat} pins={pins} self={self} onShow={onShow} />
    </Suspense>
  );
}
