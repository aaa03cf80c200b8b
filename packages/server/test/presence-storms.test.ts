import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { createBridge } from '../src/live/bridge.ts';
import { createBusMessages } from '../src/live/bus-messages.ts';
import { createHub } from '../src/live/hub.ts';
import type { Listener } from '../src/live/listeners.ts';
import { createPresence, type Presence } from '../src/live/presence.ts';
import { GRACE_MS } from '../src/live/attendance.ts';
import { createTyping, type Typing } from '../src/live/typing.ts';
import { encodeForMainDoor } from '../src/transport/main-door-frames.ts';
import { createTestClock, type TestClock } from '../testing/test-server.ts';

const CHAT = 5;

/** A member with one socket, which counts what it gets. */
interface Member {
  userId: number;
  frames: number;
  bytes: number;
  isAway: boolean;
}

interface Crowd {
  clock: TestClock;
  presence: Presence;
  typing: Typing;
  members: Member[];
}

/** Lets all that is due happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A group at one node, all of whose members are online. */
async function crowdOf(size: number): Promise<Crowd> {
  const bus = createMemoryNetwork().connect();
  const messages = createBusMessages(bus, fail);
  const clock = createTestClock();
  const bridge = createBridge(messages);
  const hub = createHub({
    bus,
    bridge,
    encode: encodeForMainDoor,
    catchUp: async () => Promise.resolve({ version: 1, frames: [] }),
    onError: fail,
  });
  const userIds = Array.from({ length: size }, (_, index) => index + 1);
  const id = randomUUID();
  const presence = createPresence({
    id,
    hub,
    messages,
    nodes: { onHeard: () => () => {}, onGone: () => () => {} },
    clock,
    stopwatch: clock,
    encode: encodeForMainDoor,
    memberListsOf: async () => Promise.resolve([{ chatId: CHAT, kind: 'group', version: 1, userIds }]),
    hiddenAmong: async () => Promise.resolve(new Set()),
    lastSeenOf: async () => Promise.resolve(new Map()),
    storeLastSeen: async () => Promise.resolve(),
    onError: fail,
  });
  const { sizeOf } = presence;
  const typing = createTyping({ id, hub, bridge, encode: encodeForMainDoor, sizeOf, stopwatch: clock });
  const members = userIds.map((userId): Member => {
    presence.connected(userId);
    return { userId, frames: 0, bytes: 0, isAway: false };
  });
  for (const member of members) {
    const deliver = (encoded: Buffer): void => {
      member.frames += 1;
      member.bytes += encoded.length;
    };
    const listener: Listener = {
      door: 'main',
      userId: member.userId,
      sessionId: randomUUID(),
      origin: Symbol('socket'),
      deliver,
      excluded: fail,
      signedOut: fail,
      leftBehind: fail,
    };
    await hub.listen(listener, [CHAT], async () => Promise.resolve(new Map([[CHAT, 1]])));
    await presence.greet({ userId: member.userId, hears: () => true, deliver }, [CHAT]);
  }
  await settle();
  clock.advance(60);
  await settle();
  // From here on it is counted.
  for (const member of members) Object.assign(member, { frames: 0, bytes: 0 });
  return { clock, presence, typing, members };
}

function fail(cause?: unknown): void {
  throw new Error('nothing of the kind was expected', { cause });
}

/** One member comes and goes as fast as it is seen, for so many seconds; the others' frames are counted. */
async function flap({ clock, presence, members }: Crowd, seconds: number): Promise<Member[]> {
  const [flapping, ...others] = members;
  if (flapping === undefined) throw new Error('nobody flaps');
  for (let second = 0; second < seconds; second += 1) {
    // Away for just longer than the time for coming back, and there for one second.
    const isAway = second % (GRACE_MS / 1000 + 2) < GRACE_MS / 1000 + 1;
    if (isAway !== flapping.isAway) presence[isAway ? 'disconnected' : 'connected'](flapping.userId);
    flapping.isAway = isAway;
    await settle();
    clock.advance(1);
    await settle();
  }
  return others;
}

describe('PR7 presence storms', () => {
  test.each([
    [1000, 'how many are online', 60],
    [100, 'who', 150],
  ])(
    'PR7 in a group of %i, one flapping member costs each other one at most one small frame per 10 s (%s)',
    async (size, _, bytes) => {
      const crowd = await crowdOf(size);
      const others = await flap(crowd, 600);
      expect(Math.max(...others.map(({ frames }) => frames))).toBeLessThanOrEqual(60);
      expect(Math.min(...others.map(({ frames }) => frames))).toBeGreaterThan(30);
      for (const member of others) expect(member.bytes / member.frames).toBeLessThan(bytes);
    },
  );

  test('PR7 a member who comes and goes within the time for coming back costs nobody anything', async () => {
    const crowd = await crowdOf(100);
    const [flapping, ...others] = crowd.members;
    for (let second = 0; second < 60; second += 1) {
      crowd.presence.disconnected(flapping?.userId ?? 0);
      crowd.presence.connected(flapping?.userId ?? 0);
      crowd.clock.advance(1);
      await settle();
    }
    expect(others.filter(({ frames }) => frames > 0)).toEqual([]);
  });

  test('PR7 where half of a group goes at once, each of the others gets one frame', async () => {
    const crowd = await crowdOf(100);
    for (const member of crowd.members.slice(50)) crowd.presence.disconnected(member.userId);
    crowd.clock.advance(GRACE_MS / 1000);
    await settle();
    expect(crowd.members.slice(0, 50).map(({ frames }) => frames)).toEqual(Array.from({ length: 50 }, () => 1));
  });

  test('TY2 where all of a group of 1,000 type, each gets one frame per 3 s', async () => {
    const crowd = await crowdOf(1000);
    const device = Symbol('device');
    for (let second = 0; second < 30; second += 1) {
      for (const { userId } of crowd.members) crowd.typing.typed(CHAT, userId, device, true);
      crowd.clock.advance(1);
    }
    for (const { frames, bytes } of crowd.members) {
      expect(frames).toBeGreaterThanOrEqual(8);
      expect(frames).toBeLessThanOrEqual(11);
      expect(bytes / frames).toBeLessThan(100);
    }
  });
});
