import { Suspense, useCallback, useState } from 'react';
import { KeysDialog, Switcher } from '../later.ts';
import { useShortcuts } from './use-shortcuts.ts';

export interface SwitchingProps {
  self: number;
  openChat: number | undefined;
  /** Undefined until first wanted; then it stays, so that it closes as it should. */
  switcher: boolean | undefined;
  onSwitcher: (open: boolean) => void;
  onNewChat: (group: boolean) => void;
  onSettings: () => void;
}

/** What the keys open from anywhere. */
export function Switching({ self, openChat, switcher, onSwitcher, onNewChat, onSettings }: SwitchingProps) {
  const [keys, setKeys] = useState<boolean>();
  const toggleSwitcher = useCallback(() => onSwitcher(switcher !== true), [onSwitcher, switcher]);
  const onNewPersonal = useCallback(() => onNewChat(false), [onNewChat]);
  const onKeys = useCallback(() => setKeys(true), []);
  useShortcuts({ openChat, onSwitcher: toggleSwitcher, onNewChat: onNewPersonal, onKeys, onSettings });
  return (
    <Suspense>
      {switcher !== undefined && (
        <Switcher
          open={switcher}
          onOpenChange={onSwitcher}
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
