import type { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { describe, expect, test } from 'vitest';
import { timeline, type Item, type TimelineInput } from './timeline.ts';

const ANNA = 1;
const BORIS = 2;

function message(id: number, sender: number, at: string, more: Partial<MessageState> = {}): MessageState {
  return {
    id,
    chat_id: 5,
    version: id,
    sender_id: sender,
    client_id: null,
    text: `message ${id}`,
    created_at: `2026-11-22T${at}:00.000Z`,
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    forwarded_from: null,
    ...more,
  };
}

function outgoing(clientId: string, more: Partial<Outgoing> = {}): Outgoing {
  return {
    client_id: clientId,
    sender_id: ANNA,
    chat_id: 5,
    order: 0,
    text: `on its way ${clientId}`,
    reply_to: null,
    created_at: '2026-11-22T12:30:00.000Z',
    failure: null,
    message_id: null,
    edited: null,
    dropped: false,
    reactions: [],
    ...more,
  };
}

function show(messages: MessageState[], more: Partial<TimelineInput> = {}): Item[] {
  return timeline({
    messages,
    pending: [],
    begins: false,
    self: ANNA,
    othersReadId: 0,
    othersDeliveredId: 0,
    firstNewId: undefined,
    dayOf: (at) => at.slice(0, 10),
    ...more,
  });
}

/** Each item in a word: messages by id, with `(` where a run begins and `)` where it ends. */
function outline(items: Item[]): string[] {
  return items.map((item) =>
    item.kind === 'message' ? `${item.first ? '(' : ''}${item.id}${item.last ? ')' : ''}` : item.kind,
  );
}

describe('runs', () => {
  test('messages of one sender stand together until another writes, or five minutes pass', () => {
    const items = show([
      message(1, BORIS, '12:00'),
      message(2, BORIS, '12:04'),
      message(3, ANNA, '12:05'),
      message(4, BORIS, '12:06'),
      message(5, BORIS, '12:11'),
    ]);
    expect(outline(items)).toEqual(['day', '(1', '2)', '(3)', '(4)', '(5)']);
  });

  test('a day ends a run, and so does the line of what is new', () => {
    const next = message(3, BORIS, '12:00', { created_at: '2026-11-23T00:00:10.000Z' });
    expect(outline(show([message(1, BORIS, '23:58'), message(2, BORIS, '23:59'), next], { firstNewId: 2 }))).toEqual([
      'day',
      '(1)',
      'new',
      '(2)',
      'day',
      '(3)',
    ]);
  });

  test('the beginning of the chat is told where it is held', () => {
    expect(outline(show([message(1, BORIS, '12:00')], { begins: true }))).toEqual(['start', 'day', '(1)']);
  });
});

describe('the marks of one’s own messages', () => {
  test('sent, delivered to someone, read by someone; those of others have none', () => {
    const mine = [1, 2, 3].map((id) => message(id, ANNA, '12:00'));
    const items = show([...mine, message(4, BORIS, '12:02')], { othersReadId: 1, othersDeliveredId: 2 });
    const marks = items.flatMap((item) => (item.kind === 'message' ? [item.mark] : []));
    expect(marks).toEqual(['read', 'delivered', 'sent', undefined]);
  });

  test('sending, and not sent with the reason', () => {
    const failure = { code: 'invalid_input', detail: 'too long' };
    const items = show([], { pending: [outgoing('a'), outgoing('b', { failure })] });
    expect(items.slice(1)).toMatchObject([
      { id: 'a', mark: 'sending', failure: undefined },
      { id: 'b', mark: 'failed', failure: 'too long' },
    ]);
  });

  test('one that was taken back is not shown, one that was changed shows its new text', () => {
    const items = show([], { pending: [outgoing('a', { dropped: true }), outgoing('b', { edited: 'better' })] });
    expect(items.slice(1)).toMatchObject([{ id: 'b', text: 'better' }]);
  });

  test('a message keeps its key from being sent to being stored, and is never there twice', () => {
    const [before] = show([], { pending: [outgoing('a')] }).slice(1);
    const stored = message(1, ANNA, '12:00', { client_id: 'a' });
    const after = show([stored], { pending: [outgoing('a')] }).slice(1);
    expect(after.map(({ key }) => key)).toEqual([before?.key]);
  });
});
