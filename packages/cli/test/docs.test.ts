import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@wsad/testkit';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram, EXIT_CODES } from '../src/index.ts';

const page = readFileSync(join(repoRoot, 'docs/cli.md'), 'utf8');

function rowsAfter(heading: string): string[][] {
  const rows = page.slice(page.indexOf(heading)).split('\n').slice(2);
  return rows
    .slice(
      0,
      rows.findIndex((row) => !row.startsWith('|')),
    )
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Those that do something, by their whole names. */
function doers(command: Command, before = ''): { name: string; command: Command }[] {
  return command.commands.flatMap((child) => {
    const name = `${before}${child.name()}`;
    return child.commands.length > 0 ? doers(child, `${name} `) : [{ name, command: child }];
  });
}

describe('docs/cli.md', () => {
  const program = createProgram(async () => {});

  it('tells every command, and no other', () => {
    const ours = doers(program).map(({ name, command }) => {
      const args = command.registeredArguments.map((one) => {
        const whole = one.variadic ? `${one.name()}...` : one.name();
        return one.required ? ` <${whole}>` : ` [${whole}]`;
      });
      return [`\`wsad ${name}${args.join('')}\``, command.description()];
    });
    expect(rowsAfter('| command | does |')).toEqual(ours);
  });

  it('tells every option, and no other', () => {
    const rows = (of: string, { options }: Command) =>
      options.map(({ flags, description }) => [`\`${flags}\``, of, description]);
    const ours = [
      ...rows('all', program),
      ...doers(program).flatMap(({ name, command }) => rows(name, command)),
    ];
    expect(rowsAfter('| option | of |')).toEqual(ours);
  });

  it('tells every exit code, and no other', () => {
    const ours = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
    expect(rowsAfter('| code | meaning |')).toEqual(ours);
  });
});
