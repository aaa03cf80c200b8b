import { describe, expect, test } from 'vitest';
import { createTestClock } from '../../testing/test-server.ts';
import { ProblemError } from '../domain/problem.ts';
import { addressKey, createThrottle, createThrottles, type Throttle } from './throttle.ts';

/** The seconds that the throttle asks to wait; undefined where it lets one pass. */
function wait(throttle: Throttle, key = 'key'): number | undefined {
  try {
    throttle.check(key);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'too_many_requests') return error.retryAfter;
    throw error;
  }
  return undefined;
}

describe('a throttle', () => {
  test('lets as many pass as it allows, then tells how long to wait, and keeps that word', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ attempts: 3, seconds: 30 }, clock);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(wait(throttle)).toBeUndefined();
      throttle.spend('key');
    }
    expect(wait(throttle)).toBe(10);
    clock.advance(4);
    expect(wait(throttle)).toBe(6);
    clock.advance(5);
    expect(wait(throttle)).toBe(1);
    clock.advance(1);
    expect(wait(throttle)).toBeUndefined();
    // One has come back, not all.
    throttle.spend('key');
    expect(wait(throttle)).toBe(10);
  });

  test('asking costs nothing', () => {
    const throttle = createThrottle({ attempts: 1, seconds: 30 }, createTestClock());
    for (let time = 0; time < 100; time += 1) expect(wait(throttle)).toBeUndefined();
  });

  test('fills up to what it allows and no further, however long nobody comes', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ attempts: 2, seconds: 10 }, clock);
    throttle.spend('key');
    clock.advance(1_000_000);
    for (let attempt = 0; attempt < 2; attempt += 1) throttle.spend('key');
    expect(wait(throttle)).toBe(5);
  });

  test('counts each key for itself', () => {
    const throttle = createThrottle({ attempts: 1, seconds: 10 }, createTestClock());
    throttle.spend('one');
    expect(wait(throttle, 'one')).toBe(10);
    expect(wait(throttle, 'other')).toBeUndefined();
  });

  test('what is given back can be spent again, and never makes more than is allowed', () => {
    const throttle = createThrottle({ attempts: 2, seconds: 10 }, createTestClock());
    throttle.spend('key');
    throttle.spend('key');
    expect(wait(throttle)).toBe(5);
    throttle.giveBack('key');
    expect(wait(throttle)).toBeUndefined();
    for (let time = 0; time < 5; time += 1) throttle.giveBack('key');
    throttle.giveBack('never seen');
    throttle.spend('key');
    throttle.spend('key');
    expect(wait(throttle)).toBe(5);
  });

  test('a clock that is set back locks nobody out and lets nobody in early', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ attempts: 1, seconds: 10 }, clock);
    throttle.spend('key');
    clock.advance(-86_400);
    expect(wait(throttle)).toBe(10);
    throttle.spend('key');
    clock.advance(10);
    expect(wait(throttle)).toBeUndefined();
  });

  test('spending more than there is does not lengthen the wait', () => {
    const throttle = createThrottle({ attempts: 1, seconds: 10 }, createTestClock());
    for (let time = 0; time < 50; time += 1) throttle.spend('key');
    expect(wait(throttle)).toBe(10);
  });

  test('forgets the key longest untouched when there are too many', () => {
    const throttle = createThrottle({ attempts: 1, seconds: 1_000_000 }, createTestClock());
    throttle.spend('first');
    throttle.spend('second');
    throttle.spend('first');
    for (let number = 0; number < 99_999; number += 1) throttle.spend(`flood ${number}`);
    expect(wait(throttle, 'second')).toBeUndefined();
    expect(wait(throttle, 'first')).toBeGreaterThan(0);
  });

  test('those that are off let everything pass', () => {
    const { loginByPlace } = createThrottles(false, createTestClock());
    for (let time = 0; time < 1000; time += 1) loginByPlace.spend('key');
    expect(wait(loginByPlace)).toBeUndefined();
  });
});

describe('the key of an address', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2'],
    ['fe80::1', 'fe80:0:0:0'],
    ['not an address', 'not an address'],
  ])('%s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  test('one network has one key however it is written', () => {
    const spellings = ['2001:db8:1:2::5', '2001:0db8:0001:0002:0:0:0:5', '2001:DB8:1:2::5', '2001:db8:1:2:0::5'];
    expect(new Set(spellings.map(addressKey)).size).toBe(1);
  });

  test('IPv4 written as IPv6 is that IPv4: else all of it would be one client', () => {
    expect(addressKey('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(addressKey('::ffff:203.0.113.8')).toBe('203.0.113.8');
  });
});
