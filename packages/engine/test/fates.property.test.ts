import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  after,
  answered,
  before,
  type Operation,
  overLimit,
  refusedLogin,
  type Strike,
  unanswered,
} from './support/faults.ts';
import { register } from './support/ksef-state.ts';
import { putCredential } from './support/login-ledger.ts';
import { type Life, mortal } from './support/mortal.ts';
import { LANE } from './support/state.ts';
import { atRest, START, type TestWorld, testWorld } from './support/world.ts';

seeded();

interface FaultKind {
  readonly name: string;
  readonly strike: (operation: Operation) => Strike;
}

const FAULTS: readonly FaultKind[] = [
  { name: 'answer lost', strike: (operation) => after(unanswered(operation)) },
  { name: 'worked, says 500', strike: (operation) => after(answered(operation, 500)) },
  { name: 'request lost', strike: (operation) => before(unanswered(operation)) },
  { name: 'unavailable', strike: (operation) => before(answered(operation, 503)) },
  { name: '401', strike: (operation) => before(answered(operation, 401)) },
  { name: '429', strike: (operation) => before(answered(operation, 429)) },
  { name: 'no room', strike: () => before(overLimit(START)) },
  { name: '403', strike: (operation) => before(answered(operation, 403)) },
  { name: '400', strike: (operation) => before(answered(operation, 400)) },
  { name: 'maintenance', strike: (operation) => before(answered(operation, 400, 21184)) },
  { name: 'no such session', strike: (operation) => before(answered(operation, 400, 21173)) },
];
const LOGIN_FAULTS = [...FAULTS, { name: 'refused', strike: () => before(refusedLogin(450)) }];
/** Answered well, and nothing was done. */
const PASSED_OVER: FaultKind = { name: 'passed over', strike: () => ({ when: 'instead' }) };

const CALLS: readonly Operation[] = [
  'refresh',
  'openBatch',
  'uploadPart',
  'closeBatch',
  'openOnline',
  'sendInvoice',
  'closeOnline',
  'sessionStatus',
  'sessionInvoices',
  'downloadUpo',
];
const WRITES = [
  'acquireSession',
  'recordOpened',
  'recordPartUploaded',
  'recordInvoiceIntent',
  'recordInvoiceSent',
  'recordInvoiceRefused',
  'recordClosing',
  'recordClosed',
  'releaseLease',
  'abandonSession',
  'failUnclosed',
  'recordPoll',
  'settleSession',
  'failSession',
  'finishLogin',
];

/** The call of this name after `skip` others. */
interface Moment<Name> {
  readonly call: Name;
  skip: number;
}
type PlannedFault = Moment<Operation> & { readonly fault: FaultKind };
type PlannedDeath = Moment<string> & { readonly when: 'before' | 'after' };

const skip = fc.nat(2);
const fault = fc.oneof(
  { weight: 8, arbitrary: faultOf(CALLS, FAULTS) },
  { weight: 2, arbitrary: faultOf(['sendInvoice', 'closeBatch', 'closeOnline'], FAULTS.slice(0, 4)) },
  { weight: 1, arbitrary: faultOf(['uploadPart', 'closeBatch', 'closeOnline'], [PASSED_OVER]) },
  { weight: 1, arbitrary: faultOf(['login'], LOGIN_FAULTS) },
);
const death = fc.record({
  call: fc.constantFrom(...CALLS, ...WRITES),
  skip,
  when: fc.constantFrom<'before' | 'after'>('before', 'after'),
});

const story = fc.record({
  invoices: fc.integer({ min: 1, max: 9 }),
  /** Verdicts that KSeF has for some of them. */
  verdicts: fc.array(fc.constantFrom(200, 200, 430, 450, 410, 415, 500, 550), { maxLength: 9 }),
  registeredByOthers: fc.nat(2),
  faults: fc.array(fault, { maxLength: 12 }),
  deaths: fc.array(death, { maxLength: 4 }),
  failedSessions: fc.array(fc.constantFrom(null, 405, 415, 440, 500), { maxLength: 4 }),
  queueIsLost: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

function faultOf(calls: readonly Operation[], kinds: readonly FaultKind[]): fc.Arbitrary<PlannedFault> {
  return fc.record({ call: fc.constantFrom(...calls), skip, fault: fc.constantFrom(...kinds) });
}

/** The first that is due now, taken off the list; those before their moment come one closer. */
function due<Planned extends Moment<string>>(plan: Planned[], call: string): Planned | null {
  for (const planned of plan.filter((each) => each.call === call)) {
    if (planned.skip === 0) {
      plan.splice(plan.indexOf(planned), 1);
      return planned;
    }
    planned.skip -= 1;
  }
  return null;
}

/** Lets processes live and die in this world until all is at rest, or for so many steps. */
async function live(
  test: TestWorld,
  deaths: PlannedDeath[],
  { queueIsLost }: Story,
  steps: number,
): Promise<void> {
  let owner = 0;
  const begin = () => {
    owner += 1;
    const life: Life = { alive: true, dies: (call) => due(deaths, call)?.when ?? null };
    const { ledger, ksef } = test.world;
    return {
      life,
      world: { ...test.world, owner: `${owner}`, ledger: mortal(ledger, life), ksef: mortal(ksef, life) },
    };
  };
  let process = begin();
  for (let step = 0; step < steps && !atRest(test.state); step += 1) {
    // What an error leaves undone the rescuing round finds again.
    await test.queue.step(process.world).catch(() => undefined);
    if (process.life.alive) continue;
    if (queueIsLost) test.queue.clear();
    process = begin();
  }
}

it('registers nothing twice and brings every invoice to rest, whatever fails and whoever dies', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const faults: PlannedFault[] = told.faults.map((each) => ({ ...each }));
      const failures = [...told.failedSessions];
      const test = testWorld({
        partBytes: 60,
        strike: (operation) => due(faults, operation)?.fault.strike(operation) ?? null,
        failure: () => failures.shift() ?? null,
      });
      const texts = Array.from(
        { length: told.invoices },
        (_, index) => `FV/${index + 1} ${told.verdicts[index] ?? 200}`,
      );
      for (const text of texts.slice(0, told.registeredByOthers)) register(test.model, `${text} other bytes`);
      test.accept(...texts);
      await test.queue.doorbell.dispatch(LANE);
      await live(
        test,
        told.deaths.map((each) => ({ ...each })),
        told,
        400,
      );

      // The faults stop, and a person puts new credentials.
      faults.length = 0;
      failures.length = 0;
      putCredential(test.state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
      await live(test, [], told, 20_000);

      expect(test.model.sentTwice).toEqual([]);
      for (const invoice of test.state.invoices.values()) {
        const [number = ''] = invoice.plain.toString().split(' ');
        const registered = test.model.registry.get(number);
        if (registered?.sha256 === invoice.sha256) {
          expect(invoice).toMatchObject({ state: 'cleared', ksefNumber: registered.ksefNumber });
        } else expect(['rejected', 'held']).toContain(invoice.state);
      }
    }),
    { numRuns: 2_000 },
  );
});
