import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { createAccessTokens } from './access-tokens.ts';

/** A clock that stands still until it is moved. */
function createClock(): Clock & { advance: (seconds: number) => void } {
  let moment = Date.parse('2026-11-22T10:15:30.900Z');
  return {
    now: () => new Date(moment),
    advance(seconds) {
      moment += seconds * 1000;
    },
  };
}

const identity = { userId: 5, sessionId: '0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77' };

test('a token that was accepted before is refused from the second of its end on, and taken where the clock goes back', async () => {
  const clock = createClock();
  const tokens = createAccessTokens('secret', 900, clock);
  const token = await tokens.issue(identity);
  const atOtherMoments = async (): Promise<unknown[]> => {
    const found = [];
    for (const seconds of [0, 899, 0.1, 100, -1000]) {
      clock.advance(seconds);
      found.push(await tokens.verify(token));
    }
    return found;
  };
  expect(await atOtherMoments()).toEqual([identity, identity, undefined, undefined, identity]);
});

test('what differs from an accepted token by one character is looked at anew', async () => {
  const clock = createClock();
  const tokens = createAccessTokens('secret', 900, clock);
  const token = await tokens.issue(identity);
  expect(await tokens.verify(token)).toEqual(identity);
  for (let place = 0; place < token.length; place += 1) {
    // Two that also differ in what the last character of a signature tells, four bits of its six.
    const other = token[place] === 'A' ? 'Q' : 'A';
    const forged = token.slice(0, place) + other + token.slice(place + 1);
    expect({ place, found: await tokens.verify(forged) }).toEqual({ place, found: undefined });
  }
});

test('a token of one installation is none of another, though that has seen it', async () => {
  const clock = createClock();
  const token = await createAccessTokens('one', 900, clock).issue(identity);
  const others = createAccessTokens('another', 900, clock);
  expect([await others.verify(token), await others.verify(token)]).toEqual([undefined, undefined]);
});
