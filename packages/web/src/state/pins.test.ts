import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { describe, expect, test } from 'vitest';
import { mayPin, nextPin, placeAmong } from './pins.ts';

const pins = [7, 3, 5].map((id) => ({ id }) as MessageState);

describe('going through the pinned messages', () => {
  test('leads from the newest to the oldest, and to the newest again', () => {
    expect(placeAmong(pins, undefined)).toBe(0);
    expect([0, 1, 2].map((at) => nextPin(pins, at))).toEqual([3, 5, 7]);
    expect(nextPin(pins.slice(0, 1), 0)).toBe(7);
  });

  test('goes on from the newest where the one that was shown is pinned no longer', () => {
    expect(placeAmong(pins, 5)).toBe(2);
    expect(placeAmong(pins, 99)).toBe(0);
  });
});

test('PN2 either of a personal chat may pin, and of a group its creator', () => {
  expect(mayPin({ is_group: false, creator_id: null }, 1)).toBe(true);
  expect(mayPin({ is_group: true, creator_id: 1 }, 1)).toBe(true);
  expect(mayPin({ is_group: true, creator_id: 2 }, 1)).toBe(false);
});
