import type { FastifyBaseLogger } from 'fastify';
import type { Bus } from './bus/bus.ts';
import { createMemoryNetwork } from './bus/memory.ts';
import { createNatsBus } from './bus/nats.ts';
import type { Config } from './config.ts';

/** The bus that the settings name: NATS, or none to speak of where this server is the only one. */
export function openBus({ nats }: Pick<Config, 'nats'>, logger: FastifyBaseLogger): Bus {
  if (nats === undefined) return createMemoryNetwork().connect();
  let lastError = '';
  return createNatsBus(nats, {
    onError(error) {
      // The same error comes with every attempt; once is enough to be read.
      if (error.message === lastError) return;
      lastError = error.message;
      logger.warn({ err: error }, 'NATS: an error; what other servers do is looked up in the database meanwhile');
    },
    onConnection(connected) {
      lastError = '';
      if (connected) logger.info('NATS: connected');
      else logger.warn('NATS: the connection is lost; what other servers do is looked up in the database meanwhile');
    },
  });
}
