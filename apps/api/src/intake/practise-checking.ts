/**
 * V8 makes fast code only of what has run, and the check is a parser and a schema in WASM: cold it takes twice as long. So the
 * way of a call's invoices, up to where they would be written down, is gone once before the API listens.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { warsawDay } from '@wsad/domain';
import { practiceInvoices } from '@wsad/wiring';
import type { ApiDeps } from '../deps.ts';
import { CALL_BYTES_MAX, CALL_INVOICES_MAX, callBudget } from './call-budget.ts';
import { checkEntries } from './check-entries.ts';
import { checkRules } from './check-rules.ts';
import { jsonEntries } from './json.ts';

/** More make it a little faster still, and each start longer. */
const INVOICES = 200;
/** As a body arrives. */
const PIECE_BYTES = 65_536;

type Practising = Pick<ApiDeps, 'checker' | 'clock' | 'environment' | 'rules'>;

/** How many were found good: all of them. */
export async function practiseChecking(deps: Practising): Promise<number> {
  const { nip, xmls } = practiceInvoices(INVOICES, warsawDay(deps.clock()));
  const body = Buffer.from(JSON.stringify({ invoices: xmls.map((xml) => ({ xml })) }));
  const budget = callBudget({ bytesMax: CALL_BYTES_MAX, invoicesMax: CALL_INVOICES_MAX });
  let good = 0;
  await checkEntries(
    jsonEntries(pieces(body), budget),
    checkRules(deps, { nip, onBehalf: false }),
    (files, rules, deflated) => deps.checker.check(files, rules, deflated),
    async (checked) => {
      good += checked.filter(({ faults }) => faults.length === 0).length;
    },
  );
  return good;
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) {
    yield body.subarray(at, at + PIECE_BYTES);
    // Whatever else goes on in the process has its turn.
    await nextTurn();
  }
}
