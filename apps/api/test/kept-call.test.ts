import type { IntakeInvoice } from '@wsad/domain';
import { INVOICE_FAULTS } from '@wsad/invoice';
import { expect, it } from 'vitest';
import type { CheckedEntry } from '../src/intake/check-entries.ts';
import { KeptCall } from '../src/intake/kept-call.ts';

/** With all their faults they would have five times as many as are kept of one call. */
const INVOICES = 2_000;
/** As many as the check tells of an invoice that is wrong as a whole. */
const FAULTS = 51;

/** An invoice with so many faults. */
function badEntry(position: number, faults: number): CheckedEntry {
  return {
    position,
    fileName: `${position}.xml`,
    externalId: null,
    correctionOf: null,
    sha256: `hash ${position}`,
    sizeBytes: 1_000,
    deflated: new Uint8Array(),
    crc32: 0,
    facts: null,
    faults: Array.from({ length: faults }, (_, nth) => ({
      code: 'VALUE_INVALID',
      message: `fault ${nth} of ${position}`,
      line: nth,
    })),
  };
}

function keptCall(): { readonly kept: KeptCall; readonly staged: IntakeInvoice[] } {
  const staged: IntakeInvoice[] = [];
  const put = async (_: string, invoices: readonly IntakeInvoice[]) => void staged.push(...invoices);
  return { kept: new KeptCall({ newId: () => 'a stage', put, drop: async () => {} }), staged };
}

it('keeps some of the faults of each invoice where a call has more than anybody reads', async () => {
  const { kept, staged } = keptCall();
  for (let position = 0; position < INVOICES; position += 200)
    await kept.take(Array.from({ length: 200 }, (_, nth) => badEntry(position + nth, FAULTS)));
  const { entries } = await kept.whole();
  expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: INVOICES }, (_, nth) => nth));
  const counts = entries.map(({ faults }) => faults.length);
  expect(counts[0]).toBe(FAULTS);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(20_000 + FAULTS + 4 * INVOICES);
  const told = entries.at(-1)?.faults ?? [];
  expect(told.slice(0, 3)).toEqual(badEntry(INVOICES - 1, 3).faults);
  expect(told.slice(3)).toEqual([expect.objectContaining({ code: 'MORE_SCHEMA_FAULTS', line: null })]);
  expect(Object.keys(INVOICE_FAULTS)).toContain(told[3]?.code);
  expect(staged).toEqual([]);
});

it('leaves no fault out where the line that says so would take its place', async () => {
  const { kept } = keptCall();
  for (let position = 0; position < 1_500; position += 1)
    await kept.take([badEntry(position, position < 1_100 ? FAULTS : 4)]);
  const { entries } = await kept.whole();
  expect(entries.at(-1)?.faults).toEqual(badEntry(1_499, 4).faults);
});

it('keeps every fault of a call that has fewer', async () => {
  const { kept } = keptCall();
  for (let position = 0; position < INVOICES; position += 200)
    await kept.take(
      Array.from({ length: 200 }, (_, nth) => badEntry(position + nth, nth === 0 ? FAULTS : 0)),
    );
  const { entries } = await kept.whole();
  expect(entries.filter(({ faults }) => faults.length === FAULTS)).toHaveLength(INVOICES / 200);
});
