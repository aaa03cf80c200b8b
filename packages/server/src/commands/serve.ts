import { pino } from 'pino';
import { startApp } from '../app.ts';
import { systemClock, systemStopwatch } from '../clock.ts';
import { configWarnings } from '../config.ts';
import type { Bus } from '../bus/bus.ts';
import { connect, type Connected } from '../db/connect.ts';
import { createLogger } from '../logger.ts';
import { measureLoopLag } from '../loop-lag.ts';
import { openBus } from '../open-bus.ts';
import { installationSecret } from '../secret-key.ts';
import type { Surroundings } from './command.ts';
import { prepareWebClient } from './web-client.ts';

/**
 * Runs the server until it is asked to end.
 *
 * @param prepare done on the open database before the server listens.
 */
export async function serve(
  { config, tell, asked }: Surroundings,
  prepare: (connected: Connected) => Promise<void>,
): Promise<void> {
  for (const warning of configWarnings(config)) tell(`Warning: ${warning}`);
  const logger = createLogger(config.logLevel, pino.destination({ dest: 2, sync: true }));
  const connected = await connect({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    poolSize: config.databasePoolSize,
    role: 'server',
    mode: 'own',
    tell,
    onLostConnection: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  let bus: Bus | undefined;
  try {
    const secret = config.secretKey ?? (await installationSecret(config.dataDir));
    await prepare(connected);
    const webFolder = await prepareWebClient(tell);
    bus = openBus(config, logger);
    const lag = measureLoopLag();
    const app = await startApp({
      config,
      database: connected,
      bus,
      secret,
      clock: systemClock,
      loopMs: lag.ms,
      stopwatch: systemStopwatch,
      logger,
      webFolder,
    });
    await connected.announce(app.address);
    tell(`Beseda is at ${app.address}   (API: ${app.address}/docs, sockets: ${app.address}/playground)`);
    tell(`The data is in ${connected.place}.   Ctrl-C stops the server.`);
    await asked;
    tell('Stopping: finishing what is under way …');
    await app.stop();
    lag.stop();
  } finally {
    await bus?.close();
    await connected.close();
  }
  tell('Stopped.');
}
