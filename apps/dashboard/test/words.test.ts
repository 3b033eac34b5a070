import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Schemas } from '@wsad/client';
import {
  AUTHENTICATION_STATES,
  CORRECTION_FAULTS,
  HOLD_CAUSES,
  INVOICE_STATES,
  PROBLEMS,
  SESSION_STATES,
  TEST_EVENT,
  WEBHOOK_STOPS,
  webhookEvents,
} from '@wsad/domain';
import { INVOICE_FAULTS } from '@wsad/invoice';
import { EVENT_TYPES } from '@wsad/ledger';
import { repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { en } from '../src/words/en/index.ts';
import { pl } from '../src/words/pl/index.ts';

const PLURALS = { en: ['one', 'other'], pl: ['one', 'few', 'many', 'other'] } as const;
/** The one fault that only the ledger can find. */
const OF_THE_LEDGER = 'INVOICE_NUMBER_TAKEN';
const PLURAL = /_(one|few|many|other)$/;

/** Every sentence by its key; a plural's forms under the one key they are asked for by. */
function sentences(words: object, before = ''): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of Object.entries(words)) {
    const inner =
      typeof value === 'string' ? [[before + name, [value]] as const] : sentences(value, `${before}${name}.`);
    for (const [key, texts] of inner) {
      const base = key.replace(PLURAL, '');
      found.set(base, [...(found.get(base) ?? []), ...texts]);
    }
  }
  return found;
}

function pluralsOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'string'
      ? PLURAL.test(name)
        ? [before + name]
        : []
      : pluralsOf(value, `${before}${name}.`),
  );
}

const places = (texts: readonly string[] = []) =>
  [...new Set(texts.flatMap((text) => text.match(/\{\{\w+\}\}/g) ?? []))].sort();

describe('the words of the dashboard', () => {
  it('are the same in Polish and English, with the same places to fill in', () => {
    const [polish, english] = [sentences(pl), sentences(en)];
    expect([...polish.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, texts] of english)
      expect([key, ...places(polish.get(key))]).toEqual([key, ...places(texts)]);
  });

  it.each([
    ['en', en],
    ['pl', pl],
  ] as const)('have every plural form of %s', (language, words) => {
    const plurals = pluralsOf(words);
    const bases = [...new Set(plurals.map((key) => key.replace(PLURAL, '')))];
    expect(plurals.sort()).toEqual(
      bases.flatMap((base) => PLURALS[language].map((form) => `${base}_${form}`)).sort(),
    );
  });

  it.each([pl, en])('name every state, cause of a hold and problem that there is', (words) => {
    expect(Object.keys(words.state.invoice).sort()).toEqual([...INVOICE_STATES].sort());
    expect(Object.keys(words.state.session).sort()).toEqual([...SESSION_STATES].sort());
    expect(Object.keys(words.state.authentication).sort()).toEqual([...AUTHENTICATION_STATES].sort());
    words.incident satisfies Readonly<Record<Schemas['Overview']['incidents'][number]['kind'], string>>;
    expect([...sentences(words.webhooks.event).keys()].sort()).toEqual([...webhookEvents, TEST_EVENT].sort());
    expect(Object.keys(words.webhooks.stopped).sort()).toEqual(Object.keys(WEBHOOK_STOPS).sort());
    for (const part of [words.holdCause, words.holdTitle])
      expect(Object.keys(part).sort()).toEqual(Object.keys(HOLD_CAUSES).sort());
    expect(Object.keys(words.fault).sort()).toEqual(
      [...Object.keys({ ...INVOICE_FAULTS, ...CORRECTION_FAULTS }), OF_THE_LEDGER].sort(),
    );
    expect(Object.keys(words.refusal)).toEqual(expect.arrayContaining(Object.keys(PROBLEMS)));
  });

  it.each([pl, en])('tell every event of an invoice and of a session', (words) => {
    const told = [...sentences(words.event).keys()];
    const events = Object.keys(EVENT_TYPES).filter((name) =>
      /^(invoice|session|receipt|confirmation)\./.test(name),
    );
    expect(told).toEqual(expect.arrayContaining(events));
  });
});

describe('the pages for bookkeepers', () => {
  it.each([
    ['docs/for-bookkeepers.md', en],
    ['docs/dla-ksiegowych.md', pl],
  ] as const)('%s: what stands there in bold stands on the dashboard', (page, words) => {
    const said = new Set([...sentences(words).values()].flat());
    const quoted = [...readFileSync(join(repoRoot, page), 'utf8').matchAll(/\*\*(.+?)\*\*/gs)];
    expect(quoted.length).toBeGreaterThan(30);
    expect(quoted.map(([, text = '']) => text).filter((text) => !said.has(text))).toEqual([]);
  });
});
