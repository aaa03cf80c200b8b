import { ApiError, clientError } from '@beseda/client/api-error.ts';
import { describe, expect, test } from 'vitest';
import { handClock } from './hand-clock.testing.ts';
import { createNotices, type Notice } from './notices.ts';

const refused = new ApiError({ type: 'about:blank', title: 'No', status: 403, detail: 'Not you.', code: 'forbidden' });

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

function kinds(notices: readonly Notice[]): string[] {
  return notices.map(({ kind }) => kind);
}

describe('notices', () => {
  test('a refusal is told with its reason; what may succeed later can be tried again', async () => {
    const notices = createNotices(handClock());
    let reachable = false;
    let tries = 0;
    const act = async (): Promise<void> => {
      tries += 1;
      if (!reachable) throw clientError('unreachable', 'away');
    };
    expect(await notices.attempt('react', async () => Promise.reject(refused))).toBe(false);
    expect(await notices.attempt('edit', act)).toBe(false);
    const [first, second] = notices.get();
    expect(first).toMatchObject({
      deed: 'react',
      problem: { code: 'forbidden', detail: 'Not you.' },
      again: undefined,
    });
    if (second?.kind !== 'failed') throw new Error('the second failure is told');
    reachable = true;
    second.again?.();
    notices.close(second.key);
    await settled();
    expect([tries, notices.get().length]).toEqual([2, 1]);
  });

  test('they go by themselves, but not while the reader is at them; of many the oldest goes first', async () => {
    const clock = handClock();
    const notices = createNotices(clock);
    notices.tell({ kind: 'left', name: 'Club' });
    notices.hold(true);
    clock.pass(60_000);
    expect(kinds(notices.get())).toEqual(['left']);
    notices.hold(false);
    clock.pass(4999);
    expect(kinds(notices.get())).toEqual(['left']);
    clock.pass(1);
    expect(notices.get()).toEqual([]);
    for (const name of ['1', '2', '3', '4']) notices.tell({ kind: 'left', name });
    expect(notices.get()).toMatchObject([{ name: '2' }, { name: '3' }, { name: '4' }]);
  });
});
