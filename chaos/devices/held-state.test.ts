import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFindings, type Findings } from '../findings.ts';
import { createHeldState, type HeldState } from './held-state.ts';

const SELF = 1;
const AT = '2026-11-22T10:15:30.123Z';

let findings: Findings;
let state: HeldState;
let incomplete: number[];

beforeEach(() => {
  findings = createFindings();
  incomplete = [];
  state = createHeldState('device', findings, (chatId) => incomplete.push(chatId));
  state.connected();
  state.apply({ type: 'hello', user_id: SELF, session_id: 's', protocol: 1, heartbeat_s: 20 });
});

function message(id: number, version: number, text = 'text'): SocketDownFrame {
  const rest = {
    sender_id: 2,
    client_id: null,
    created_at: AT,
    reply_to: null,
    reactions: [],
    files: [],
    pinned_at: null,
    forwarded_from: null,
  };
  return { type: 'message', chat_id: 5, id, version, text, edited_at: null, deleted_at: null, ...rest };
}

function member(userId: number, version: number, left = false): SocketDownFrame {
  const leftAt = left ? AT : null;
  return { type: 'member', chat_id: 5, version, user_id: userId, role: 'member', joined_at: AT, left_at: leftAt };
}

function chat(version: number, chatId = 5): SocketDownFrame {
  const rest = { is_group: true, creator_id: 2, created_at: AT };
  return { type: 'chat', chat_id: chatId, version, name: 'A group', ...rest };
}

function synced(versions: Record<string, number>, complete = true): SocketDownFrame {
  return { type: 'synced', versions, complete };
}

function apply(...frames: SocketDownFrame[]): void {
  for (const frame of frames) state.apply(frame);
}

describe('what is as it must be', () => {
  test('a sync, then live frames, make up the state', () => {
    apply(chat(1), synced({ 5: 7 }), message(1, 8), message(1, 9, 'edited'), member(3, 10));
    expect(findings.total()).toBe(0);
    expect(state.since()).toEqual({ 5: 10 });
    expect(state.chats.get(5)?.messages.get(1)?.version).toBe(9);
    expect(incomplete).toEqual([5]);
  });

  test('versions that were superseded may be left out', () => {
    apply(chat(1), synced({ 5: 7 }), message(1, 8), message(1, 12));
    expect(findings.total()).toBe(0);
  });

  test('who is shown out and let in again begins anew', () => {
    apply(chat(1), synced({ 5: 7 }), member(SELF, 8, true));
    expect(state.chats.has(5)).toBe(false);
    apply(chat(1), synced({ 5: 11 }, false), message(1, 12));
    expect(findings.total()).toBe(0);
    expect(state.since()).toEqual({ 5: 12 });
  });

  test('chats that a complete sync does not name are let go of', () => {
    apply(chat(1), chat(1, 6), synced({ 5: 7, 6: 7 }));
    state.connected();
    apply(synced({ 6: 7 }));
    expect([...state.chats.keys()]).toEqual([6]);
  });
});

describe('what must not be', () => {
  test.each([
    ['a repeat', [message(1, 8), message(1, 8)]],
    ['a step back', [message(1, 9), message(2, 8)]],
  ])('%s of a live frame', (_name, frames) => {
    apply(chat(1), synced({ 5: 7 }), ...frames);
    expect(findings.count('order')).toBe(1);
  });

  test('a sync that tells what was held, or not in order', () => {
    apply(chat(1), synced({ 5: 7 }));
    state.connected();
    apply(message(1, 7), message(2, 10), message(3, 9), synced({ 5: 10 }));
    expect(findings.count('order')).toBe(2);
  });

  test('a version that goes back from one sync to the next', () => {
    apply(chat(1), synced({ 5: 7 }));
    state.connected();
    apply(synced({ 5: 6 }));
    expect(findings.count('order')).toBe(1);
  });

  test('a frame or a reading mark of a chat that one was shown out of', () => {
    apply(chat(1), synced({ 5: 7 }), member(SELF, 8, true), message(1, 9));
    apply({ type: 'read', chat_id: 5, message_id: 1, reader_id: 2 });
    expect(findings.count('fence')).toBe(2);
    expect(state.highest(5)).toBe(9);
  });

  test('a frame of a chat before it is told where it begins', () => {
    apply(synced({}), chat(1), message(1, 9));
    expect(findings.count('order')).toBe(1);
  });
});
