/** Live progress on one line of the terminal, or a line now and then where the output is not a terminal. */
export interface Progress {
  say(line: string): void;
  accepted(count: number): void;
  states(byState: Readonly<Record<string, number>>): void;
  end(): void;
}

const ORDER = ['accepted', 'sending', 'processing', 'cleared', 'rejected', 'held'];

export function createProgress(total: number, output: NodeJS.WriteStream): Progress {
  let accepted = 0;
  let last = '';
  const show = (line: string): void => {
    if (line === last) return;
    last = line;
    if (output.isTTY) output.write(`\r\u001b[2K${line}`);
    else output.write(`${line}\n`);
  };
  return {
    say(line) {
      if (output.isTTY && last !== '') output.write('\n');
      last = '';
      output.write(`${line}\n`);
    },
    accepted(count) {
      accepted += count;
      show(`  ${bar(accepted, total)} ${accepted} of ${total} accepted`);
    },
    states(byState) {
      const parts = ORDER.flatMap((state) => (byState[state] ? [`${byState[state]} ${state}`] : []));
      show(`  ${bar(byState.cleared ?? 0, total)} ${parts.join(', ')}`);
    },
    end() {
      if (output.isTTY && last !== '') output.write('\n');
      last = '';
    },
  };
}

const BAR_WIDTH = 30;

function bar(count: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((BAR_WIDTH * count) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}
