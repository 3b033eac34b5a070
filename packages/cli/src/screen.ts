/** What the program writes: answers to standard output, progress and complaints to standard error. */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';
import type { Surroundings } from './environment.ts';
import { type Ending, EXIT_CODES } from './exit-codes.ts';
import type { Failure } from './failure.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** What a command has to say: for people, and as one line of JSON. */
export interface Told {
  readonly ending: Ending;
  readonly lines: readonly string[];
  /** What is known, besides how it ended. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Where something was done, and then it failed. */
  readonly failure?: Failure | null;
}

export interface Screen {
  readonly isJson: boolean;
  /** Progress may be drawn: somebody looks, and reads no JSON. */
  readonly isLive: boolean;
  paint(colour: Colour, text: string): string;
  table(head: readonly string[], rows: readonly (readonly string[])[]): string;
  tell(told: Told): void;
  /** Beside the answer, for people alone. */
  remark(line: string): void;
  complain(failure: Failure): void;
  /** Draws over what was drawn before; nothing where nobody looks. */
  draw(lines: readonly string[]): void;
  /** Leaves what was drawn last. */
  drawn(): void;
  /** Bytes as they are. */
  raw(bytes: Uint8Array): void;
}

export function createScreen({ out, err, environment }: Surroundings, isJson: boolean): Screen {
  const isColoured = out.isTTY === true && (environment.NO_COLOR ?? '') === '' && !isJson;
  const isLive = err.isTTY === true && !isJson;
  const log = createLogUpdate(err as NodeJS.WriteStream);
  const paint = (colour: Colour, text: string): string =>
    isColoured ? styleText(colour, text, { validateStream: false }) : text;
  const line = (value: unknown): void => void out.write(`${JSON.stringify(value)}\n`);
  const complain = ({ detail, whatToDo }: Failure): void =>
    void err.write([detail, ...(whatToDo === null ? [] : [whatToDo])].map((one) => `${one}\n`).join(''));
  return {
    isJson,
    isLive,
    paint,
    table: (head, rows) => tableOf(head, rows),
    tell({ ending, lines, json, failure = null }) {
      if (isJson) return line(answerOf(ending, json, failure));
      out.write(lines.map((one) => `${one}\n`).join(''));
      if (failure !== null) complain(failure);
    },
    remark: (text) => void (isJson || err.write(`${text}\n`)),
    complain: (failure) => (isJson ? line(answerOf(failure.ending, {}, failure)) : complain(failure)),
    draw: (lines) => void (isLive && log(lines.join('\n'))),
    drawn: () => void (isLive && log.done()),
    raw: (bytes) => void out.write(bytes),
  };
}

/** Of the same shape every time: docs/cli.md tells it. */
function answerOf(
  ending: Ending,
  json: Readonly<Record<string, unknown>>,
  failure: Failure | null,
): Readonly<Record<string, unknown>> {
  const error =
    failure === null ? null : { code: failure.code, detail: failure.detail, whatToDo: failure.whatToDo };
  return { ok: ending === 'done', exitCode: EXIT_CODES[ending].code, ...json, error };
}

/** Columns of text, with no lines between them: to be read, and to be cut by scripts that have no JSON. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = Object.fromEntries(
    ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
      [side, ''],
      [`${side}-mid`, ''],
      [`${side}-left`, ''],
      [`${side}-right`, ''],
    ]),
  );
  const table = new Table({
    head: [...head],
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}
