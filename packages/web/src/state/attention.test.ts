import { describe, expect, test } from 'vitest';
import { tellingOf, type Arrival, type TabView } from './attention.ts';

const CHAT = 5;

const hidden: TabView = { visible: false, front: false, chatId: CHAT };
const behind: TabView = { visible: true, front: false, chatId: CHAT };
const inFront: TabView = { visible: true, front: true, chatId: CHAT };
const elsewhere: TabView = { visible: true, front: true, chatId: 6 };

function telling(more: {
  message?: Partial<Arrival['message']>;
  chat?: Partial<Arrival['chat']>;
  tabs?: readonly TabView[];
}) {
  return tellingOf({
    message: { id: 10, sender_id: 2, deleted_at: null, ...more.message },
    chat: { id: CHAT, last_read_id: 9, muted: false, ...more.chat },
    self: 1,
    tabs: more.tabs ?? [hidden],
  });
}

describe('of a message that comes', () => {
  test.each([
    ['the page is hidden', [hidden], { notify: true, sound: true }],
    ['another chat is open in a window behind', [{ ...behind, chatId: 6 }], { notify: true, sound: true }],
    ['the chat is open where one can see it', [behind], { notify: false, sound: false }],
    ['the chat is open and in front', [inFront], { notify: false, sound: false }],
    ['another chat is open and in front', [elsewhere], { notify: false, sound: true }],
    ['the list is in front', [{ ...elsewhere, chatId: undefined }], { notify: false, sound: true }],
    ['another tab is in front', [hidden, elsewhere], { notify: false, sound: true }],
    ['the chat is open in another tab that is in front', [hidden, inFront], { notify: false, sound: false }],
    ['all tabs are hidden', [hidden, { ...hidden, chatId: undefined }], { notify: true, sound: true }],
  ] as const)('where %s', (_, tabs, expected) => {
    expect(telling({ tabs })).toEqual(expected);
  });

  test.each([
    ['of one’s own', { message: { sender_id: 1 } }],
    ['in a muted chat', { chat: { muted: true } }],
    ['that was read on another device', { chat: { last_read_id: 10 } }],
    ['that was deleted', { message: { deleted_at: '2026-11-22T10:00:00.000Z' } }],
  ])('nothing tells of one %s', (_, more) => {
    expect(telling(more)).toEqual({ notify: false, sound: false });
  });
});
