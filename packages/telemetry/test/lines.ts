import { createLogger } from '../src/index.ts';

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** A logger whose lines a test can read. */
export function loggerWithLines(level = 'trace') {
  const lines: string[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(line);
    },
  };
  const logger = createLogger({ level, destination });
  const parsed = (): LogLine[] => lines.map((line): LogLine => JSON.parse(line));
  return { logger, lines, parsed };
}
