import { useMemo } from 'react';
import { themes, type Theme } from '../../state/preferences.ts';
import { isSaved } from '../../state/saved.ts';
import { languageNames, languageTags, type Language } from '../../words/languages.ts';
import type { IconName } from '../parts/icon.tsx';
import { useOpenSaved } from '../use-open-saved.ts';
import { useInbox } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';

/** What one can do from the switcher. */
export type Action =
  | 'new chat'
  | 'new group'
  | 'saved'
  | 'settings'
  | 'keys'
  | `theme ${Theme}`
  | `language ${Language}`;

export function useActions({
  onNewChat,
  onKeys,
  onSettings,
}: {
  onNewChat: (group: boolean) => void;
  onKeys: () => void;
  onSettings: () => void;
}) {
  const words = useWords();
  const { preferences } = useWorld();
  const openSaved = useOpenSaved();
  const hasSaved = useInbox().some(isSaved);
  const actions = useMemo(
    (): { action: Action; label: string }[] => [
      { action: 'new chat', label: words.newChat },
      { action: 'new group', label: words.newGroup },
      // Once there is one, it is among the chats.
      ...(hasSaved ? [] : [{ action: 'saved' as const, label: words.savedMessages }]),
      ...themes.map((theme) => ({ action: `theme ${theme}` as const, label: words.themeIs(words.themes[theme]) })),
      ...languageTags.map((tag) => ({
        action: `language ${tag}` as const,
        label: words.languageIs(languageNames[tag]),
      })),
      { action: 'settings', label: words.settings },
      { action: 'keys', label: words.keys },
    ],
    [words, hasSaved],
  );

  function act(action: Action): void {
    const theme = themes.find((name) => action === `theme ${name}`);
    const language = languageTags.find((tag) => action === `language ${tag}`);
    if (theme !== undefined) preferences.change({ theme });
    else if (language !== undefined) preferences.change({ language });
    else if (action === 'saved') openSaved();
    else if (action === 'settings') onSettings();
    else if (action === 'keys') onKeys();
    else onNewChat(action === 'new group');
  }

  return { actions, act };
}

export function actionIcons(action: Action): IconName {
  if (action === 'new chat') return 'compose';
  if (action === 'new group') return 'group';
  if (action === 'saved') return 'bookmark';
  if (action === 'settings') return 'settings';
  return action.startsWith('theme') ? 'eye' : 'chats';
}
