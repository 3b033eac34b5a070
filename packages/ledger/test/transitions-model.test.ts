import { setImmediate as turn } from 'node:timers/promises';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedger, type PostgresLedger } from '../src/index.ts';
import { after, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { type Model, newModel, type Round, told } from './support/transitions-model.ts';
import { type Move, numberOf, rounds, stepOf } from './support/transitions-moves.ts';
import { broken, type Observed, observed } from './support/transitions-observed.ts';
import { possible } from './support/transitions-rules.ts';
import { type Seen, type Step, take } from './support/transitions-steps.ts';

seeded();
let test: TestLedger;
let pool: Pool;
let ledger: PostgresLedger;
beforeAll(async () => {
  test = await testLedger();
  // A deadlock is found at once: the tests would wait for it otherwise, not the ledger.
  pool = new Pool({ connectionString: test.url, max: 6, options: '-c deadlock_timeout=20ms' });
  ledger = createLedger({ pool, vaultKey: test.vaultKey });
});
afterAll(async () => {
  await pool.end();
  await test.close();
});

type Planned = Pick<Move, 'actor' | 'after'> & { readonly step: Step };

interface Taken {
  readonly step: Step;
  readonly seen: Seen;
}

/**
 * One seller, its invoices and sessions, and several who act on them at the same time. After every round there must be
 * an order in which the steps, taken one after another in the model, show what was seen and end where the ledger is.
 */
class Actors {
  readonly #nip = newNip();
  readonly #fences = new Map<string, number>();
  readonly #finals = new Map<string, string>();
  #model = newModel();
  #before: Observed = { lines: [], invoices: [], sessions: [], credentials: [] };
  #nowMs = 0;

  /** Credentials and three invoices: without them there is little to do. */
  async begin(): Promise<void> {
    const wishes = ['0', '1', '2'].map((number) => ({ number, version: 0 }));
    for (const step of [{ do: 'putCredentials' }, { do: 'accept', wishes }] as const)
      await this.#round([{ actor: 'a', after: 0, step }]);
  }

  async act(waitMs: number, moves: readonly Move[]): Promise<void> {
    this.#nowMs += waitMs;
    const planned = moves.flatMap((move) => {
      const step = stepOf(move, this.#model, this.#fences);
      return step === null ? [] : [{ ...move, step }];
    });
    await this.#round(planned);
  }

  async #round(planned: readonly Planned[]): Promise<void> {
    const taken = await Promise.all(planned.map((each) => this.#take(each)));
    this.#before = await observed(pool, this.#nip);
    this.#model = this.#explain(taken, this.#before);
    this.#finalsStay(this.#before);
    expect(await broken(pool, this.#nip)).toEqual([]);
  }

  async #take({ actor, after: turns, step }: Planned): Promise<Taken> {
    const { invoices, sessions } = this.#before;
    const run = {
      ledger,
      nip: this.#nip,
      now: this.#now(),
      known: (id: string) => ({
        sha256: invoices.find((invoice) => invoice.id === id)?.sha256 ?? '',
        ksefNumber: numberOf(id),
      }),
      membersOf: (id: string) => sessions.find((session) => session.id === id)?.members ?? [],
    };
    for (let done = 0; done < turns; done += 1) await turn();
    const seen = await take(run, step);
    const fence = /^fence (\d+)$/.exec(seen.says)?.[1];
    if (step.do === 'acquire' && fence !== undefined)
      this.#fences.set(`${actor} ${step.session}`, Number(fence));
    return { step, seen };
  }

  #now(): Date {
    return after(this.#nowMs);
  }

  #explain(taken: readonly Taken[], now: Observed): Model {
    const members = new Map(now.sessions.map((session) => [session.id, session.members]));
    const round: Round = {
      nowMs: this.#now().getTime(),
      alone: taken.length === 1,
      membersOf: (session) => members.get(session) ?? [],
      ksefNumberOf: numberOf,
      credentials: now.credentials,
    };
    const model = inSomeOrder(this.#model, taken, round, now.lines.join('\n'));
    if (model !== null) return model;
    throw new Error(
      [
        'no order explains',
        ...taken.map((each) => JSON.stringify(each)),
        'from',
        ...told(this.#model),
        'to',
        ...now.lines,
      ].join('\n'),
    );
  }

  #finalsStay({ invoices }: Observed): void {
    for (const { id, state, ksefNumber } of invoices) {
      const line = `${state} ${ksefNumber}`;
      expect(this.#finals.get(id) ?? line).toBe(line);
      if (['cleared', 'rejected', 'withdrawn'].includes(state)) this.#finals.set(id, line);
    }
  }
}

function inSomeOrder(model: Model, left: readonly Taken[], round: Round, end: string): Model | null {
  if (left.length === 0) return told(model).join('\n') === end ? model : null;
  for (const first of left) {
    const rest = left.filter((each) => each !== first);
    for (const next of possible(model, first.step, first.seen, round)) {
      const found = inSomeOrder(next, rest, round, end);
      if (found !== null) return found;
    }
  }
  return null;
}

it('changes states as the model does, whoever acts at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (acts) => {
      const actors = new Actors();
      await actors.begin();
      for (const { waitMs, moves } of acts) await actors.act(waitMs, moves);
    }),
    // Making a failure smaller would take longer than a test may: its own steps are told instead.
    { numRuns: 24, endOnFailure: true },
  );
  const { rows } = await pool.query<{ name: string; tallied: number; counted: number }>(
    `SELECT name, sum(amount)::int AS tallied, (
       SELECT count(*)::int FROM invoices WHERE tallies.name IN ('accepted', invoices.state)
     ) AS counted FROM tallies WHERE name IN ('accepted', 'cleared', 'rejected', 'withdrawn') GROUP BY name`,
  );
  expect(rows).toEqual(rows.map((row) => ({ ...row, tallied: row.counted })));
  const ofSellers = await pool.query(
    `SELECT nip, state, coalesce(tallied, 0) AS tallied, coalesce(counted, 0) AS counted
     FROM (SELECT nip, state, sum(amount)::int AS tallied FROM seller_tallies GROUP BY nip, state) AS tallies
     FULL JOIN (
       SELECT nip, state, count(*)::int AS counted FROM invoices
       WHERE state IN ('cleared', 'rejected', 'withdrawn') GROUP BY nip, state
     ) AS counts USING (nip, state)`,
  );
  expect(ofSellers.rows.filter(({ tallied, counted }) => tallied !== counted)).toEqual([]);
  expect(ofSellers.rows.length).toBeGreaterThan(0);
});
