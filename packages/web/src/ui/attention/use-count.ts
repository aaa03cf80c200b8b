import { useEffect } from 'react';
import { badgeText, countedIcon, countedTitle } from '../../state/counted-icon.ts';

const ICON = '/favicon.svg';

/** Shows how much there is to read where one sees it from elsewhere: the title, the tab's icon, the app's icon. */
export function useCount(count: number): void {
  useEffect(() => {
    document.title = countedTitle('Beseda', count);
    // Where it does not take it (an app that is not installed, say), there is nothing to be done.
    if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined);
  }, [count]);

  const badge = badgeText(count);
  useEffect(() => {
    let current = true;
    const draw = async (): Promise<void> => {
      const drawn = badge === '' ? ICON : `data:image/svg+xml,${encodeURIComponent(countedIcon(await icon(), badge))}`;
      if (current) tabIcon()?.setAttribute('href', drawn);
    };
    // Without a network and a service worker the icon stays as it is.
    draw().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [badge]);

  useEffect(
    () => () => {
      document.title = 'Beseda';
      tabIcon()?.setAttribute('href', ICON);
      if ('clearAppBadge' in navigator) navigator.clearAppBadge().catch(() => undefined);
    },
    [],
  );
}

function tabIcon(): Element | null {
  return document.querySelector('link[rel="icon"]');
}

let read: Promise<string> | undefined;

async function icon(): Promise<string> {
  read ??= readIcon();
  return read.catch((error: unknown) => {
    read = undefined;
    throw error;
  });
}

async function readIcon(): Promise<string> {
  const answer = await fetch(ICON);
  if (!answer.ok) throw new Error(`the icon could not be read: ${answer.status}`);
  return answer.text();
}
