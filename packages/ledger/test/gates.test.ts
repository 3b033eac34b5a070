import { KsefDown, LimitReached, type WsadEvent } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../src/index.ts';
import { movingClock } from './support/clock.ts';
import { after, laneOf, NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(8);
  // Every ledger over this pool listens to it.
  test.pool.setMaxListeners(100);
});
afterAll(() => test.close());

let egresses = 0;
/** A gate of its own: a ledger and as many processes as are asked for, all behind one address. */
function behindOneAddress(processes: number) {
  egresses += 1;
  const egress = `198.51.100.${egresses}`;
  const { clock, move, wait } = movingClock();
  const events: WsadEvent[] = [];
  const ledger = createLedger({ pool: test.pool, vaultKey: test.vaultKey, egress });
  const options = {
    egress,
    clock,
    wait,
    clockSkewMs: 0,
    emit: (event: WsadEvent) => void events.push(event),
  };
  const pacers = Array.from({ length: processes }, () => ledger.pacer({ ...options, maxWaitMs: 0 }));
  const call = async (nip: string | null, byKsef: boolean | null, by = 0): Promise<void> => {
    const slot = await pacers[by]?.take('challenge', nip);
    await slot?.answered(byKsef);
  };
  const fails = async (...nips: (string | null)[]): Promise<void> => {
    for (const nip of nips) await call(nip, false);
  };
  const refusal = async (nip: string | null, by = 0): Promise<unknown> =>
    call(nip, true, by).then(
      () => null,
      (error: unknown) => error,
    );
  return { ledger, clock, move, events, call, fails, refusal, egress, options };
}

describe('the gate of all', () => {
  it('learns nothing from calls that we gave up ourselves', async () => {
    const { call, fails, refusal, events } = behindOneAddress(1);
    const [one, other] = [newNip(), newNip()];
    await fails(one, other, one, other);
    for (const nip of [one, other, one]) await call(nip, null);
    expect(events).toEqual([]);
    await fails(one);
    expect(await refusal(other)).toBeInstanceOf(KsefDown);
  });

  it('shuts for every process once five calls in a row of two sellers fail, and tells it once', async () => {
    const { fails, refusal, events, ledger, clock } = behindOneAddress(3);
    const [one, other, third] = [newNip(), newNip(), newNip()];
    await fails(one, other, one, other);
    expect(await refusal(third)).toBeNull();
    await fails(one, other, newNip(), newNip(), newNip());
    for (const by of [0, 1, 2])
      expect(await refusal(third, by)).toMatchObject({ name: 'KsefDown', at: after(2_000) });
    expect(await refusal(null)).toBeInstanceOf(KsefDown);
    expect(events).toEqual([{ type: 'ksef.down', nip: null, failures: 5 }]);
    expect((await ledger.connection(clock())).state).toBe('down');
  });

  it('lets one probe through after the pause, over all processes at once', async () => {
    const { fails, options, ledger, move, clock } = behindOneAddress(1);
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    expect(await ledger.probeIsDue(clock())).toBe(false);
    move(2_000);
    expect(await ledger.probeIsDue(clock())).toBe(true);
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, () =>
        ledger.pacer({ ...options, maxWaitMs: 0 }).take('challenge', newNip()),
      ),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await ledger.probeIsDue(clock())).toBe(false);
  });

  it('opens with the answer to the probe, and lets work through in a ramp', async () => {
    const { fails, refusal, events, ledger, move, clock } = behindOneAddress(2);
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    move(2_000);
    expect(await refusal(null)).toBeNull();
    expect(events.at(-1)).toEqual({ type: 'ksef.up', nip: null, downMs: 2_000 });
    expect((await ledger.connection(clock())).state).toBe('degraded');
    const let4 = await Promise.all(Array.from({ length: 10 }, () => refusal(newNip(), 1)));
    expect(let4.filter((error) => error === null)).toHaveLength(4);
    expect(let4.every((error) => error === null || error instanceof LimitReached)).toBe(true);
    move(20_000);
    const all = await Promise.all(Array.from({ length: 30 }, () => refusal(newNip(), 1)));
    expect(all.every((error) => error === null)).toBe(true);
    expect((await ledger.connection(clock())).state).toBe('up');
  });

  it('is asked again by who remembers it as shut, once a second: another’s answer may have opened it', async () => {
    const { fails, refusal, options, ledger, move } = behindOneAddress(2);
    await fails(newNip());
    const early = await ledger.pacer(options).take('challenge', newNip());
    await fails(newNip(), newNip(), newNip(), newNip());
    expect(await refusal(newNip(), 1)).toBeInstanceOf(KsefDown);
    await early.answered(true);
    move(999);
    expect(await refusal(newNip(), 1)).toBeInstanceOf(KsefDown);
    move(1);
    expect(await refusal(newNip(), 1)).toBeNull();
  });

  it('is asked again by who remembers it as shut, once the clock by which it was has been put back', async () => {
    const { fails, refusal, move } = behindOneAddress(1);
    move(3_600_000);
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    expect(await refusal(newNip())).toBeInstanceOf(KsefDown);
    move(-3_600_000);
    expect(await refusal(newNip())).toBeNull();
  });

  it('keeps lanes in line, claiming nothing, and says when it will be looked at again', async () => {
    const { fails, ledger, move, clock, refusal } = behindOneAddress(1);
    const walk = await accepted(ledger, newNip());
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    const never = () => {
      throw new Error('nothing may be planned while KSeF is away');
    };
    const claim = async () => (await ledger.claimLane(laneOf(walk.nip), clock(), never)).decision;
    expect(await claim()).toEqual({ kind: 'wait', until: after(2_000), why: 'KSeF' });
    expect((await ledger.sellerStatus(walk.nip, clock()))?.nextDispatchAt).toEqual(after(2_000));
    move(5_000);
    expect(await claim()).toEqual({ kind: 'wait', until: after(6_000), why: 'KSeF' });
    expect(await refusal(null)).toBeNull();
    const { decision } = await ledger.claimLane(laneOf(walk.nip), clock(), () => ({ kind: 'idle' }));
    expect(decision).toEqual({ kind: 'idle' });
  });
});

describe('a firewall that stops one seller alone', () => {
  it('shuts out that seller and nobody else', async () => {
    const { fails, refusal, events, ledger, clock } = behindOneAddress(2);
    const [hit, fine] = [newNip(), newNip()];
    await fails(hit, hit, hit, hit, hit);
    for (const by of [0, 1]) {
      expect(await refusal(hit, by)).toBeInstanceOf(KsefDown);
      expect(await refusal(fine, by)).toBeNull();
      expect(await refusal(null, by)).toBeNull();
    }
    expect(events).toEqual([{ type: 'ksef.down', nip: hit, failures: 5 }]);
    expect((await ledger.connection(clock(), hit)).state).toBe('down');
    expect((await ledger.connection(clock(), fine)).state).toBe('up');
  });

  it('is probed by the work of that seller, and lets it in with its first answer', async () => {
    const { fails, refusal, events, move } = behindOneAddress(1);
    const hit = newNip();
    await fails(hit, hit, hit, hit, hit);
    move(2_000);
    await fails(hit);
    move(2_000);
    expect(await refusal(hit)).toBeInstanceOf(KsefDown);
    move(2_000);
    expect(await refusal(hit)).toBeNull();
    expect(await refusal(hit)).toBeNull();
    expect(events.at(-1)).toEqual({ type: 'ksef.up', nip: hit, downMs: 6_000 });
  });
});

describe('a calm gate', () => {
  it('costs no statement beside the one that takes the place and the one that gives it back', async () => {
    const { ledger, options } = behindOneAddress(1);
    const pacer = ledger.pacer(options);
    await (await pacer.take('challenge', null)).answered(true);
    const asked: unknown[] = [];
    const { query } = test.pool;
    test.pool.query = ((...of: Parameters<typeof query>) => {
      asked.push(of[0]);
      return query.apply(test.pool, of);
    }) as typeof query;
    await (await pacer.take('challenge', null)).answered(true);
    test.pool.query = query;
    expect(asked).toMatchObject([
      { name: expect.any(String), text: expect.stringContaining('take_call_through_gates') },
      { name: expect.any(String), text: expect.stringContaining('UPDATE call_slots SET answered_at') },
    ]);
  });

  it('takes no place in any window while it is shut', async () => {
    const { fails, refusal, egress } = behindOneAddress(2);
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    for (const by of [0, 1]) await refusal(newNip(), by);
    const { rows } = await test.pool.query('SELECT FROM call_slots WHERE counter LIKE $1', [`${egress}|%`]);
    expect(rows).toHaveLength(5);
  });

  it('gives the probe back where its window is full', async () => {
    const { fails, ledger, options, move, clock } = behindOneAddress(1);
    await fails(newNip(), newNip(), newNip(), newNip(), newNip());
    move(2_000);
    const until = new Date(clock().getTime() + 60_000);
    const pacer = ledger.pacer({ ...options, maxWaitMs: 0 });
    await pacer.refused('challenge', null, until);
    await expect(pacer.take('challenge', null)).rejects.toThrow(/window/);
    expect(await ledger.probeIsDue(clock())).toBe(true);
    await (await pacer.take('publicKeys', null)).answered(true);
  });
});

it('gives up a session that was never opened at no cost, and none that was', async () => {
  const { ledger } = behindOneAddress(1);
  const walk = await accepted(ledger, newNip());
  const claim = () =>
    ledger.claimLane(laneOf(walk.nip), NOW, () => ({
      kind: 'send',
      claims: [{ kind: 'batch', count: 6, which: 'any' }],
      more: false,
    }));
  const [first] = (await claim()).sessions;
  const taken = await ledger.acquireSession(first?.id ?? '', 'a', NOW, 1_000);
  if (first === undefined || taken === null) throw new Error('it must be there to be taken');
  expect(await ledger.abandonSession(first.id, taken.fence, 'KSeF is away', NOW, { unopened: true })).toBe(
    true,
  );
  expect(await ledger.invoice(walk.ids[0] ?? '', 'all')).toMatchObject({ state: 'accepted', attempts: 0 });
  const [second] = (await claim()).sessions;
  const again = await ledger.acquireSession(second?.id ?? '', 'a', NOW, 1_000);
  if (second === undefined || again === null) throw new Error('it must be there to be taken');
  const credential = await ledger.credentialOf(walk.nip);
  await ledger.recordOpened(second.id, again.fence, {
    reference: `ref-${second.id}`,
    credentialId: credential?.id ?? '',
    openedAt: NOW,
    usableUntil: after(60_000),
    package: null,
    parts: [],
  });
  expect(await ledger.abandonSession(second.id, again.fence, 'KSeF is away', NOW, { unopened: true })).toBe(
    false,
  );
});
