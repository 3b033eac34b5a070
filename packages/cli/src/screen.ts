/** What the program writes: answers to standard output, progress and complaints to standard error. */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';
import type { Surroundings } from './environment.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Failure } from './failure.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** What a command has to say: for people, and as one line of JSON of the same shape every time. */
export interface Told {
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
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
  return {
    isJson,
    isLive,
    paint,
    table: (head, rows) => tableOf(head, rows),
    tell: ({ lines, json }) =>
      isJson ? line(json) : void out.write(lines.map((one) => `${one}\n`).join('')),
    remark: (text) => void (isJson || err.write(`${text}\n`)),
    complain({ ending, code, detail, whatToDo }) {
      if (isJson)
        return line({ ok: false, exitCode: EXIT_CODES[ending].code, error: { code, detail, whatToDo } });
      err.write([detail, ...(whatToDo === null ? [] : [whatToDo])].map((one) => `${one}\n`).join(''));
    },
    draw: (lines) => void (isLive && log(lines.join('\n'))),
    drawn: () => void (isLive && log.done()),
    raw: (bytes) => void out.write(bytes),
  };
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
