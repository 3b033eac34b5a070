import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { variables } from '@wsad/config';
import {
  ANSWER_SHAPES,
  CORRECTION_FAULTS,
  EXCEPTION_CODES,
  type ExceptionAnswer,
  FAULT_TREATMENTS,
  INVOICE_STATUSES,
  INVOICE_WARNINGS,
  type InvoiceVerdict,
  LOGIN_STATUSES,
  PROBLEMS,
  SESSION_STATUSES,
  type ShapeAnswer,
  UNKNOWN_INVOICE_STATUS,
  UNKNOWN_LOGIN_STATUS,
  UNKNOWN_SESSION_STATUS,
} from '@wsad/domain';
import { INVOICE_FAULTS } from '@wsad/invoice';
import { EVENT_TYPES, NUMBER_TAKEN } from '@wsad/ledger';
import { repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(join(repoRoot, path), 'utf8');

/** The rows of the table whose heading row begins with `heading`, cell by cell. */
function rowsAfter(page: string, heading: string): string[][] {
  const rows = page.slice(page.indexOf(heading)).split('\n').slice(2);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  return rows.slice(0, end === -1 ? undefined : end).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

describe('docs/errors.md', () => {
  const page = read('docs/errors.md');

  it('tells every problem of the catalogue, and no other', () => {
    const told = rowsAfter(page, '| code | status |');
    const ours = Object.entries(PROBLEMS).map(([code, { status, title, advice }]) => [
      code,
      String(status),
      title,
      advice,
    ]);
    expect(told).toEqual(ours);
  });

  it('tells every fault of an invoice, and no other', () => {
    const told = rowsAfter(page, '| code | meaning |');
    expect(told).toEqual([
      ...Object.entries(INVOICE_FAULTS),
      [NUMBER_TAKEN.code, NUMBER_TAKEN.message],
      ...Object.entries(CORRECTION_FAULTS),
    ]);
  });

  it('tells every warning, and no other', () => {
    expect(rowsAfter(page, '| warning | meaning |')).toEqual(Object.entries(INVOICE_WARNINGS));
  });
});

describe('docs/configuration.md', () => {
  it('tells every variable with its meaning, default and example, and no other', () => {
    const told = rowsAfter(read('docs/configuration.md'), '| variable | meaning |');
    const ours = Object.entries(variables).map(([name, variable]) => [
      name,
      variable.meaning,
      variable.default,
      `\`${variable.example}\``,
    ]);
    expect(told).toEqual(ours);
  });
});

describe('docs/audit.md', () => {
  it('tells every event, and no other', () => {
    const ours = Object.entries(EVENT_TYPES).map(([type, { when, actor, detail }]) => [
      type,
      when,
      actor,
      detail.join(', '),
    ]);
    expect(rowsAfter(read('docs/audit.md'), '| event | when |')).toEqual(ours);
  });
});

describe('docs/ksef-answers.md', () => {
  const page = read('docs/ksef-answers.md');

  function rowsOf<Row extends { meaning: string; user: string }>(
    rows: Readonly<Record<string | number, Row>>,
    verdict: (row: Row) => string,
  ): string[][] {
    return Object.entries(rows).map(([name, row]) => [name, row.meaning, verdict(row), row.user]);
  }
  const unknown = <Row>({ below200, other }: { below200: Row; other: Row }) => ({
    'unknown, below 200': below200,
    'unknown, other': other,
  });
  const invoiceVerdict = ({ wsad }: { wsad: InvoiceVerdict }) =>
    wsad.kind === 'held' ? `held: ${wsad.cause}` : wsad.kind;
  const exceptionVerdict = ({ wsad, on = {}, alone }: ExceptionAnswer) =>
    [
      wsad,
      ...Object.entries(on).map(([operation, treatment]) => `${operation}: ${treatment}`),
      ...(alone === undefined ? [] : [`alone: ${alone}`]),
    ].join('; ');

  it('tells every treatment, and no other', () => {
    expect(rowsAfter(page, '| treatment | meaning |')).toEqual(Object.entries(FAULT_TREATMENTS));
  });

  it('tells every shape of an answer, and no other', () => {
    const ours = rowsOf<ShapeAnswer>(ANSWER_SHAPES, ({ wsad, unrepeatable }) =>
      unrepeatable === undefined ? wsad : `${wsad}; in doubt: ${unrepeatable}`,
    );
    expect(rowsAfter(page, '| shape | meaning |')).toEqual(ours);
  });

  it('tells every exception code, and no other', () => {
    expect(rowsAfter(page, '| exception code |')).toEqual(rowsOf(EXCEPTION_CODES, exceptionVerdict));
  });

  it('tells every status of a session, an invoice and a login, and no other', () => {
    expect(rowsAfter(page, '| session status |')).toEqual([
      ...rowsOf(SESSION_STATUSES, ({ wsad }) => wsad),
      ...rowsOf(unknown(UNKNOWN_SESSION_STATUS), ({ wsad }) => wsad),
    ]);
    expect(rowsAfter(page, '| invoice status |')).toEqual([
      ...rowsOf(INVOICE_STATUSES, invoiceVerdict),
      ...rowsOf(unknown(UNKNOWN_INVOICE_STATUS), invoiceVerdict),
    ]);
    expect(rowsAfter(page, '| login status |')).toEqual([
      ...rowsOf(LOGIN_STATUSES, ({ wsad }) => wsad),
      ...rowsOf({ unknown: UNKNOWN_LOGIN_STATUS }, ({ wsad }) => wsad),
    ]);
  });
});

describe('pages', () => {
  const pages = ['README.md', 'CHANGELOG.md', 'apps/emulator/README.md'].concat(
    readdirSync(join(repoRoot, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  );

  it.each(pages)('%s links only to what is there', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(repoRoot, dirname(path), link)))).toEqual([]);
  });

  it('README names commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read('README.md').matchAll(/npm (?:run )?(demo|start|emulator|test|bench|[a-z]+)/g)];
    for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
  });
});
