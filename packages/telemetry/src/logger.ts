import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { correlation } from './correlation.ts';
import { hideSecretFields, hideSecretTexts } from './redaction.ts';
import { traceId } from './spans.ts';

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
    mixin: (_fields, _level, line) => unsaid({ ...correlation(), ...traced() }, line.bindings()),
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

/** Under which trace the line can be found, where traces are kept. */
function traced(): { traceId?: string } {
  const id = traceId();
  return id === undefined ? {} : { traceId: id };
}

/** What a logger of a call says by itself is not said twice. */
function unsaid(fields: object, said: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in said)));
}

function asFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
