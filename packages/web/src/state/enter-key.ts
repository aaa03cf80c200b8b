import type { EnterMeaning } from './preferences.ts';

/** A key as it was pressed. */
export interface PressedKey {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  /** ⌘, which stands for Ctrl on a Mac. */
  metaKey: boolean;
}

/** Whether a key that is pressed in a message sends it; any other Enter breaks the line. */
export function sends({ key, shiftKey, ctrlKey, metaKey }: PressedKey, enter: EnterMeaning): boolean {
  if (key !== 'Enter' || shiftKey) return false;
  return enter === 'send' || ctrlKey || metaKey;
}
