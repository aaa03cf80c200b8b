import { describe, expect, onTestFinished, test } from 'vitest';
import type { Bus } from './bus.ts';

/** What every bus must do, whatever carries it. `connect` joins the same network as one more node. */
export function describeBus(name: string, connect: () => Promise<Bus>): void {
  async function join(): Promise<Bus> {
    const bus = await connect();
    onTestFinished(async () => bus.close());
    return bus;
  }

  describe(`the bus: ${name}`, () => {
    test('what one node publishes, the others that subscribed hear, each once and in order', async () => {
      const [anna, boris, clara] = [await join(), await join(), await join()];
      const [atBoris, atClara] = [ear(), ear()];
      boris.subscribe('one', atBoris.hear);
      clara.subscribe('one', atClara.hear);
      await Promise.all([boris.inForce(), clara.inForce()]);
      const sent = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      for (const payload of sent) anna.publish('one', () => payload);
      await Promise.all([atBoris.until(500), atClara.until(500)]);
      expect(atBoris.heard).toEqual(sent);
      expect(atClara.heard).toEqual(sent);
    });

    test('a node does not hear itself, nor what it did not subscribe to, nor what it no longer does', async () => {
      const [anna, boris] = [await join(), await join()];
      const [own, one, other, last] = [ear(), ear(), ear(), ear()];
      anna.subscribe('one', own.hear);
      const stop = boris.subscribe('one', one.hear);
      boris.subscribe('other', other.hear);
      boris.subscribe('last', last.hear);
      await Promise.all([anna.inForce(), boris.inForce()]);
      anna.publish('one', () => 'heard');
      anna.publish('nobody’s', () => 'lost');
      await one.until(1);
      stop();
      await boris.inForce();
      anna.publish('one', () => 'too late');
      anna.publish('last', () => 'end');
      await last.until(1);
      expect([own.heard, one.heard, other.heard]).toEqual([[], ['heard'], []]);
    });

    test('the same function may listen twice, and each listening ends by itself', async () => {
      const [anna, boris] = [await join(), await join()];
      const both = ear();
      const stop = boris.subscribe('one', both.hear);
      boris.subscribe('one', both.hear);
      await boris.inForce();
      anna.publish('one', () => 'first');
      await both.until(2);
      stop();
      stop();
      await boris.inForce();
      anna.publish('one', () => 'second');
      await both.until(3);
      expect(both.heard).toEqual(['first', 'first', 'second']);
    });

    test('texts arrive as they were: long ones, and those of all the world', async () => {
      const [anna, boris] = [await join(), await join()];
      const { hear, heard, until } = ear();
      boris.subscribe('texts', hear);
      await boris.inForce();
      const texts = ['', 'беседа 🗨️ \u0000 "', 'x'.repeat(500_000)];
      for (const text of texts) anna.publish('texts', () => text);
      await until(3);
      expect(heard).toEqual(texts);
    });

    test('a node that has closed is silent and deaf, and the others go on', async () => {
      const [anna, boris, clara] = [await join(), await join(), await join()];
      const [atBoris, atClara] = [ear(), ear()];
      boris.subscribe('one', atBoris.hear);
      clara.subscribe('one', atClara.hear);
      await Promise.all([boris.inForce(), clara.inForce()]);
      await boris.close();
      boris.publish('one', () => 'from nowhere');
      anna.publish('one', () => 'still here');
      await atClara.until(1);
      expect([boris.connected(), anna.connected()]).toEqual([false, true]);
      expect([atBoris.heard, atClara.heard]).toEqual([[], ['still here']]);
    });
  });
}

/** Collects what is heard; `until` settles once there are so many. */
function ear(): { hear: (payload: string) => void; heard: string[]; until: (count: number) => Promise<void> } {
  const heard: string[] = [];
  let waiting: { count: number; resolve: () => void } | undefined;
  return {
    heard,
    hear(payload) {
      heard.push(payload);
      if (waiting !== undefined && heard.length >= waiting.count) waiting.resolve();
    },
    until: async (count) =>
      new Promise((resolve) => {
        waiting = { count, resolve };
        if (heard.length >= count) resolve();
      }),
  };
}
