import { addDays } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry, Submitted } from './support/api-client.ts';
import { readCsv } from './support/csv.ts';
import { registerElsewhere } from './support/elsewhere.ts';
import { invoiceOf, invoicesOf, newSeller, sha256Of } from './support/sellers.ts';
import { describeOn } from './support/suites.ts';
import { type QueueKind, type System, startSystem, TODAY } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const DAY_MS = 86_400_000;

/** One call with everything that can be right and wrong; what becomes of each stands beside it. */
function mixture(nip: string, fill: readonly Entry[]) {
  const named = (externalId: string, entry: Entry): Entry => ({ ...entry, externalId });
  const good = invoiceOf(nip, 'A/1');
  return [
    named('good', good),
    named('not by the form', brokenForm(invoiceOf(nip, 'A/2'))),
    named('also good', invoiceOf(nip, 'A/3')),
    named('the same bytes', good),
    named('the same number', invoiceOf(nip, 'A/3', { seed: 4711 })),
    named('oversized', oversized(invoiceOf(nip, 'A/4'))),
    named('of another seller', invoiceOf(newSeller(), 'A/5')),
    named('taken at KSeF', invoiceOf(nip, 'A/6')),
    named('dated ahead', invoiceOf(nip, 'A/7', { issueDate: addDays(TODAY, 3) })),
    named('dated too far ahead', invoiceOf(nip, 'A/8', { issueDate: addDays(TODAY, 32) })),
    ...fill.map((entry) => named('fill', entry)),
  ];
}

function brokenForm({ xml }: Entry): Entry {
  return { xml: xml.replace(/<P_15>[^<]*</, '<P_15>a lot<') };
}

function oversized({ xml }: Entry): Entry {
  return { xml: xml.replace('</Faktura>', `<!--${'x'.repeat(1_000_000)}--></Faktura>`) };
}

function line(answer: Submitted, externalId: string): Submitted['invoices'][number] {
  const found = answer.invoices.find((invoice) => invoice.externalId === externalId);
  if (found === undefined) throw new Error(`the answer has no line "${externalId}"`);
  return found;
}

function mixed(queue: QueueKind, kind: 'batch' | 'interactive', fillCount: number): void {
  let system: System;
  let answer: Submitted;
  let takenNumber: string;
  let entries: Entry[];
  const nip = newSeller();

  beforeAll(async () => {
    system = await startSystem({ queue, workers: 2, wire });
    takenNumber = await registerElsewhere(system, nip, invoiceOf(nip, 'A/6', { seed: 4712 }).xml);
    await system.api.putToken(nip);
    entries = mixture(nip, invoicesOf(nip, fillCount, 'F'));
    answer = await system.api.submit(nip, entries);
  });
  afterAll(() => system.close());

  it('answers each in the order given, the bad ones refused alone with their reasons', () => {
    expect(answer.invoices.map(({ externalId }) => externalId)).toEqual(
      entries.map(({ externalId }) => externalId),
    );
    expect(answer.invoices.map(({ sha256 }) => sha256)).toEqual(entries.map(({ xml }) => sha256Of(xml)));
    expect(answer).toMatchObject({ accepted: 5 + fillCount, refused: 5 });
    expect(line(answer, 'the same bytes')).toMatchObject({ id: line(answer, 'good').id, errors: [] });
    const refused = (externalId: string) => {
      const { id, state, errors } = line(answer, externalId);
      expect({ id, state }).toEqual({ id: null, state: 'refused' });
      return errors;
    };
    expect(refused('not by the form')).toMatchObject([{ code: 'VALUE_INVALID', line: expect.any(Number) }]);
    expect(refused('the same number')).toMatchObject([
      { code: 'INVOICE_NUMBER_TAKEN', earlier: { id: line(answer, 'also good').id } },
    ]);
    expect(refused('oversized')).toMatchObject([{ code: 'FILE_TOO_LARGE' }]);
    expect(refused('of another seller')).toMatchObject([{ code: 'SELLER_MISMATCH' }]);
    expect(refused('dated too far ahead')).toMatchObject([{ code: 'ISSUE_DATE_TOO_FAR' }]);
  });

  it('brings every accepted one to its end, and keeps the one dated ahead in line', async () => {
    const { api } = system;
    const cleared = 3 + fillCount;
    const { done, sessions } = await eventually(
      async () => {
        const now = await api.submission(answer.submissionId);
        return now.byState.cleared === cleared && now.byState.rejected === 1 && now;
      },
      { timeoutMs: 20_000, what: 'the verdicts on all that is due' },
    );
    expect(done).toBe(false);
    expect(sessions).toMatchObject([{ kind, state: 'settled', invoices: cleared + 1 }]);
    const at = async (externalId: string) => api.invoice(line(answer, externalId).id ?? '');
    expect(await at('good')).toMatchObject({ state: 'cleared', invoicingMode: 'Online', error: null });
    expect(await at('also good')).toMatchObject({ state: 'cleared', invoicingMode: 'Online', error: null });
    expect(await at('dated ahead')).toMatchObject({ state: 'accepted', ksefNumber: null });
    const taken = await at('taken at KSeF');
    expect(taken).toMatchObject({ state: 'rejected', ksefNumber: null, error: { code: 440 } });
    expect(taken.error?.details.join()).toContain(takenNumber);
  });

  it('lists all of it in the report', async () => {
    const rows = readCsv(await system.api.report(answer.submissionId));
    expect(rows.map(({ position }) => position)).toEqual(entries.map((_, place) => String(place + 1)));
    expect(rows.map(({ externalId, state, errorCode }) => [externalId, state, errorCode])).toEqual([
      ['good', 'cleared', ''],
      ['not by the form', 'refused', 'VALUE_INVALID'],
      ['also good', 'cleared', ''],
      ['the same bytes', 'cleared', ''],
      ['the same number', 'refused', 'INVOICE_NUMBER_TAKEN'],
      ['oversized', 'refused', 'FILE_TOO_LARGE'],
      ['of another seller', 'refused', 'SELLER_MISMATCH'],
      ['taken at KSeF', 'rejected', '440'],
      ['dated ahead', 'accepted', ''],
      ['dated too far ahead', 'refused', 'ISSUE_DATE_TOO_FAR'],
      ...Array.from({ length: fillCount }, () => ['fill', 'cleared', '']),
    ]);
    const [good, , alsoGood, same, sameNumber] = rows;
    expect(same).toMatchObject({
      repeated: 'true',
      ksefNumber: good?.ksefNumber,
      invoiceId: good?.invoiceId,
    });
    expect(sameNumber).toMatchObject({ earlierInvoiceId: alsoGood?.invoiceId });
  });

  it('sends the one dated ahead by itself once its day has come in Warsaw', async () => {
    system.advance(3 * DAY_MS);
    await system.api.atRest(answer.submissionId);
    expect(await system.api.invoice(line(answer, 'dated ahead').id ?? '')).toMatchObject({
      state: 'cleared',
      invoicingMode: 'Online',
    });
    expect(system.emulator.control.stats().rateLimited).toBe(0);
  });
}

describeOn('postgres', 'a mixed call that goes interactively', (queue) => mixed(queue, 'interactive', 0));
describeOn('redis', 'a mixed call that goes as a batch', (queue) => mixed(queue, 'batch', 6));
describeWire(wire);
