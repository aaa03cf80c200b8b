import { clientError } from '@beseda/client/api-error.ts';
import { expect, test } from 'vitest';
import { createChatSearch } from './chat-search.ts';
import { handClock } from './hand-clock.testing.ts';

const PAGE = 100;

/** A chat of messages `message 1` …, of which the newest ones are held, and pages of all of it can be read. */
function scene({
  count,
  heldFrom,
  special = {},
}: {
  count: number;
  heldFrom: number;
  special?: Record<number, string>;
}) {
  const message = (id: number) => ({ id, text: special[id] ?? `message ${id}`, deleted_at: null });
  const run = Array.from({ length: count - heldFrom + 1 }, (_, index) => message(heldFrom + index));
  const clock = handClock();
  const shown: number[] = [];
  const reads: number[] = [];
  const network = { away: false };
  const store = {
    chat: () => ({ last_message_id: count }),
    messages: () => ({ runs: [run] }),
  } as unknown as Parameters<typeof createChatSearch>[0]['store'];
  const search = createChatSearch({
    chatId: 1,
    store,
    clock,
    show: (id) => shown.push(id),
    read: async (before) => {
      if (network.away) throw clientError('unreachable', 'away');
      reads.push(before);
      return Array.from({ length: Math.min(PAGE, before - 1) }, (_, index) => message(before - 1 - index));
    },
  });
  const type = async (query: string): Promise<void> => {
    search.type(query);
    clock.pass(150);
    await settled();
  };
  return { search, type, shown, reads, network, clock };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}

test('the newest hit is shown as one types, and older and newer ones one after the other', async () => {
  const { search, type, shown, reads } = scene({ count: 40, heldFrom: 1, special: { 30: 'Basil', 12: 'the BASIL' } });
  await type('basil');
  expect(search.get()).toEqual({ query: 'basil', hits: [30, 12], at: 0, state: 'whole' });
  search.older();
  search.older();
  search.newer();
  search.newer();
  expect(shown).toEqual([30, 12, 30]);
  expect(reads).toEqual([]);
});

test('what is not held is read page by page, back to the next hit and no further', async () => {
  const { search, type, shown, reads } = scene({
    count: 1000,
    heldFrom: 951,
    special: { 760: 'needle', 20: 'needle' },
  });
  await type('needle');
  expect(search.get()).toEqual({ query: 'needle', hits: [760], at: 0, state: 'idle' });
  expect(reads).toEqual([951, 851]);
  search.older();
  await settled();
  expect(search.get()).toMatchObject({ hits: [760, 20], at: 1 });
  expect(shown).toEqual([760, 20]);
  search.older();
  await settled();
  expect(search.get()).toMatchObject({ hits: [760, 20], at: 1, state: 'whole' });
});

test('after two thousand messages in vain it waits to be asked', async () => {
  const { search, type, reads } = scene({ count: 5000, heldFrom: 4990, special: { 100: 'needle' } });
  await type('needle');
  expect(search.get()).toMatchObject({ hits: [], state: 'paused' });
  expect(reads.length).toBe(20);
  search.older();
  await settled();
  search.older();
  await settled();
  expect(search.get()).toMatchObject({ hits: [100], at: 0 });
});

test('without a network what is held is found, the rest fails, and is searched once it is back', async () => {
  const { search, type, shown, network } = scene({
    count: 200,
    heldFrom: 151,
    special: { 160: 'needle', 50: 'needle' },
  });
  network.away = true;
  await type('needle');
  expect(shown).toEqual([160]);
  search.older();
  await settled();
  expect(search.get()).toMatchObject({ hits: [160], at: 0, state: 'failed' });
  network.away = false;
  search.older();
  await settled();
  expect(shown).toEqual([160, 50]);
});

test('another query begins anew, and an empty one shows nothing', async () => {
  const { search, type, shown, clock } = scene({ count: 300, heldFrom: 290, special: { 10: 'needle' } });
  search.type('needle');
  clock.pass(150);
  await type('message 295');
  expect(search.get()).toMatchObject({ query: 'message 295', hits: [295] });
  expect(shown).toEqual([295]);
  search.type('  ');
  await settled();
  expect(search.get()).toEqual({ query: '', hits: [], at: -1, state: 'idle' });
});
