import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { hideSecretFields, hideSecretTexts } from './redaction.ts';

export interface LogOptions {
  level: string;
  /** Standard output by default. */
  destination?: DestinationStream;
}

/** JSON lines, without secrets whatever is given to it. */
export function createLogger({ level, destination }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => ({ ...asFields(hideSecretFields(fields)) }),
    },
    // Errors are plain objects by then; pino's own serializer would take them for something else.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: hideSecretTexts },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function asFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
