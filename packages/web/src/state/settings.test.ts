import { ApiError } from '@beseda/client/api-error.ts';
import type { Session } from '@beseda/protocol/auth.ts';
import { describe, expect, test } from 'vitest';
import { deviceName } from './device-name.ts';
import { sends } from './enter-key.ts';
import { memoryTexts } from './kept-texts.ts';
import { createOwnVisibility } from './own-visibility.ts';
import { createPreferences } from './preferences.ts';
import { createSessionList } from './sessions.ts';

const away = new ApiError({ type: 'about:blank', title: '', status: 0, detail: 'away', code: 'unreachable' });

describe('preferences', () => {
  test('the language is what the browser wishes, where there is one, until another is chosen', () => {
    const kept = memoryTexts();
    const first = createPreferences(kept, ['en', 'ru'], ['de-DE', 'ru-RU', 'en']);
    expect(first.get().language).toBe('ru');
    expect(createPreferences(memoryTexts(), ['en', 'ru'], ['de']).get().language).toBe('en');
    first.change({ language: 'en', theme: 'dark' });
    expect(createPreferences(kept, ['en', 'ru'], ['ru']).get()).toMatchObject({ theme: 'dark', language: 'en' });
  });

  test('all outlast the page, and what is as without a choice is not kept', () => {
    const kept = memoryTexts();
    const first = createPreferences(kept, ['en'], []);
    const chosen = { textSize: 'large', enter: 'break', sound: true, notifications: 'on' } as const;
    const before = first.get();
    first.change(chosen);
    expect(createPreferences(kept, ['en'], []).get()).toEqual({ ...before, ...chosen });
    first.change(before);
    expect(kept.names()).toEqual(['language']);
  });

  test('what another tab has chosen, or somebody has broken, is read again', () => {
    const kept = memoryTexts();
    const [one, other] = [createPreferences(kept, ['en'], []), createPreferences(kept, ['en'], [])];
    let told = 0;
    other.watch(() => {
      told += 1;
    });
    one.change({ theme: 'dark' });
    other.reread();
    expect([other.get().theme, told]).toEqual(['dark', 1]);
    kept.set('theme', 'pink');
    other.reread();
    expect(other.get().theme).toBe('system');
  });
});

test.each([
  ['Enter', {}, true, false],
  ['Enter with Ctrl', { ctrlKey: true }, true, true],
  ['Enter with ⌘', { metaKey: true }, true, true],
  ['Enter with Shift', { shiftKey: true }, false, false],
  ['Enter with Shift and Ctrl', { shiftKey: true, ctrlKey: true }, false, false],
  ['another key', { key: 'a', ctrlKey: true }, false, false],
])('%s sends as it is chosen', (_, pressed, whereItSends, whereItBreaks) => {
  const event = { key: 'Enter', shiftKey: false, ctrlKey: false, metaKey: false, ...pressed };
  expect([sends(event, 'send'), sends(event, 'break')]).toEqual([whereItSends, whereItBreaks]);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari, macOS',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['a b', 'a'],
  ['  ', undefined],
  [null, undefined],
])('a device is called by what it says of itself: %s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});

function session(id: string, current = false): Session {
  const at = '2026-11-22T10:00:00.000Z';
  return { id, device: null, address: null, created_at: at, last_used_at: at, expires_at: at, current };
}

describe('sessions', () => {
  test('this one is first; one that is ended is gone, also where it had ended already', async () => {
    const gone = new ApiError({ ...away.problem, status: 404, code: 'session_not_found' });
    const list = createSessionList({
      sessions: async () => ({ sessions: [session('a'), session('b', true), session('c')] }),
      async endSession(id) {
        if (id === 'c') throw gone;
      },
    });
    await list.load();
    expect(list.get().sessions.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
    await list.end('a');
    await list.end('c');
    expect(list.get().sessions.map(({ id }) => id)).toEqual(['b']);
  });

  test('where the server is away it says so, and one that could not be ended stays', async () => {
    let reachable = false;
    const list = createSessionList({
      async sessions() {
        if (!reachable) throw away;
        return { sessions: [session('a')] };
      },
      async endSession() {
        throw away;
      },
    });
    await list.load();
    expect(list.get().state).toBe('failed');
    reachable = true;
    await list.load();
    expect(list.get().state).toBe('ready');
    await expect(list.end('a')).rejects.toBe(away);
    expect(list.get().sessions).toHaveLength(1);
  });
});

test('being seen online is shown as changed at once, and as it was where the server does not take it', async () => {
  let takes = true;
  const visibility = createOwnVisibility({
    get: async () => ({ last_seen_visible: true }),
    async update(change) {
      if (!takes) throw away;
      return change;
    },
  });
  expect(visibility.get()).toBeUndefined();
  await visibility.load();
  expect(visibility.get()).toBe(true);
  const hiding = visibility.show(false);
  expect(visibility.get()).toBe(false);
  await hiding;
  takes = false;
  await expect(visibility.show(true)).rejects.toBe(away);
  expect(visibility.get()).toBe(false);
});
