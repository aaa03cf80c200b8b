import { Suspense, useCallback, useState } from 'react';
import { KeysDialog, SearchDialog, Switcher } from '../later.ts';
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
  const [search, setSearch] = useState<{ open: boolean; query: string }>();
  const toggleSwitcher = useCallback(() => onSwitcher(switcher !== true), [onSwitcher, switcher]);
  const onNewPersonal = useCallback(() => onNewChat(false), [onNewChat]);
  const onKeys = useCallback(() => setKeys(true), []);
  const onSearch = useCallback(
    (query?: string) => {
      onSwitcher(false);
      // Without a query it goes on with the last one.
      setSearch((last) => ({ open: true, query: query ?? last?.query ?? '' }));
    },
    [onSwitcher],
  );
  useShortcuts({ openChat, onSwitcher: toggleSwitcher, onNewChat: onNewPersonal, onKeys, onSettings, onSearch });
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
          onSearch={onSearch}
        />
      )}
      {search !== undefined && (
        <SearchDialog
          open={search.open}
          query={search.query}
          self={self}
          onOpenChange={(open) => setSearch({ ...search, open })}
          onQuery={(query) => setSearch({ ...search, query })}
        />
      )}
      {keys !== undefined && <KeysDialog open={keys} onOpenChange={setKeys} />}
    </Suspense>
  );
}
