import { Suspense, useCallback, useState } from 'react';
import { KeysDialog, Switcher } from '../later.ts';
import { useShortcuts } from './use-shortcuts.ts';

export interface SwitchingProps {
  self: number;
  openChat: number | undefined;
  onNewChat: (group: boolean) => void;
  onSettings: () => void;
}

/** What the keys open from anywhere. Undefined until first wanted; then it stays, so that it closes as it should. */
export function Switching({ self, openChat, onNewChat, onSettings }: SwitchingProps) {
  const [switcher, setSwitcher] = useState<boolean>();
  const [keys, setKeys] = useState<boolean>();
  const onSwitcher = useCallback(() => setSwitcher((open) => open !== true), []);
  const onNewPersonal = useCallback(() => onNewChat(false), [onNewChat]);
  const onKeys = useCallback(() => setKeys(true), []);
  useShortcuts({ openChat, onSwitcher, onNewChat: onNewPersonal, onKeys, onSettings });
  return (
    <Suspense>
      {switcher !== undefined && (
        <Switcher
          open={switcher}
          onOpenChange={setSwitcher}
          self={self}
          onNewChat={onNewChat}
          onKeys={onKeys}
          onSettings={onSettings}
        />
      )}
      {keys !== undefined && <KeysDialog open={keys} onOpenChange={setKeys} />}
    </Suspense>
  );
}
