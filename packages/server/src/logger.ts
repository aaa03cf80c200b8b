import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/**
 * Structured logs, a JSON object a line, on standard error: standard output is for people. Tokens and passwords are
 * never given to it; should a header slip in with an error, it is left out here.
 */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: 'beseda' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          '*.authorization',
          '*.cookie',
          '*.password',
          '*.token',
          '*.access_token',
          '*.refresh_token',
          '*.headers',
          // What could not be parsed, with whatever it carried.
          '*.rawPacket',
        ],
        remove: true,
      },
    },
    destination,
  );
}
