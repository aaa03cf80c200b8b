import type { Bus } from '../src/bus/bus.ts';
import type { Random } from './random.ts';

/** What a network does to the messages of one node, each with its probability. */
export interface Trouble {
  drop: number;
  double: number;
  /** Milliseconds that a message may be late, at most; so it may come after a later one. */
  late: number;
}

export interface TroubledBus extends Bus {
  /** From now on messages come as they should. */
  calm(): void;
}

export interface ChoosyBus extends Bus {
  /** From now on messages that fit never come. */
  lose(fits: (text: string) => boolean): void;
}

/** A bus that loses some of what this node says, and nothing else. */
export function choosy(bus: Bus): ChoosyBus {
  let fits: ((text: string) => boolean) | undefined;
  return {
    ...bus,
    publish(subject, payload) {
      const text = payload();
      if (fits?.(text) !== true) bus.publish(subject, () => text);
    },
    lose(these) {
      fits = these;
    },
  };
}

/** A bus that loses, doubles and reorders what this node says. */
export function troubled(bus: Bus, random: Random, trouble: Trouble): TroubledBus {
  let calm = false;
  return {
    ...bus,
    publish(subject, payload) {
      if (calm) {
        bus.publish(subject, payload);
        return;
      }
      if (random.chance(trouble.drop)) return;
      const text = payload();
      const times = random.chance(trouble.double) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        setTimeout(() => bus.publish(subject, () => text), random.below(trouble.late + 1));
      }
    },
    calm() {
      calm = true;
    },
  };
}
