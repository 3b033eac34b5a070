import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admit,
  asOf,
  CALM_GATE,
  connectionState,
  FAILURES_TO_SHUT,
  type Gate,
  gateAfter,
  isTroubled,
  RAMP_MS,
  rampAllowance,
} from '../src/index.ts';

const NOW = new Date('2026-11-16T10:00:00Z');
const inMs = (ms: number, from: Date = NOW): Date => new Date(from.getTime() + ms);
const failed = (nip: string | null, probe = false) => ({ answered: false, nip, probe });
const answered = (nip: string | null, probe = false) => ({ answered: true, nip, probe });

function after(scope: 'all' | 'seller', ...nips: (string | null)[]): Gate {
  return nips.reduce((gate, nip) => gateAfter(gate, scope, failed(nip), NOW), CALM_GATE);
}
const shutForAll = after('all', 'A', 'B', 'A', 'B', 'A');

describe('a gate', () => {
  it('of all shuts after five failures in a row of two sellers or more', () => {
    expect(after('all', 'A', 'B', 'A', 'A').shutUntil).toBeNull();
    expect(shutForAll).toMatchObject({ shutUntil: inMs(2_000), openedAt: NOW, pauses: 1 });
    expect(after('all', null, 'A', 'A', 'A', 'A').shutUntil).toEqual(inMs(2_000));
    expect(after('all', null, null, null, null, null).shutUntil).toEqual(inMs(2_000));
  });

  it('of all never shuts for one seller alone, whose own gate does', () => {
    const thousand = Array.from({ length: 1_000 }, () => 'A');
    expect(after('all', ...thousand)).toMatchObject({ shutUntil: null, failures: 1_000, sellers: ['A'] });
    expect(after('seller', 'A', 'A', 'A', 'A', 'A').shutUntil).toEqual(inMs(2_000));
  });

  it('is calm again after one answer, whoever got it', () => {
    const nearly = after('all', 'A', 'B', 'A', 'B');
    expect(gateAfter(nearly, 'all', answered('C'), NOW)).toEqual(CALM_GATE);
    expect(isTroubled(nearly)).toBe(true);
    expect(isTroubled(CALM_GATE)).toBe(false);
  });

  it('lets one probe through after the pause, and others after it was answered', () => {
    expect(admit(shutForAll, inMs(1_999))).toEqual({ kind: 'shut', until: inMs(2_000) });
    const first = admit(shutForAll, inMs(2_000));
    if (first.kind !== 'pass') throw new Error('the probe must pass');
    expect(first.probe).toBe(true);
    expect(admit(first.gate, inMs(2_001))).toEqual({ kind: 'shut', until: inMs(4_001) });
    const back = gateAfter(first.gate, 'all', answered('A', true), inMs(2_050));
    expect(back).toMatchObject({ shutUntil: null, rampFrom: inMs(2_050), pauses: 1 });
  });

  it('goes to another prober when the first was never heard of again', () => {
    const first = admit(shutForAll, inMs(2_000));
    if (first.kind !== 'pass') throw new Error('the probe must pass');
    expect(admit(first.gate, inMs(102_000))).toMatchObject({ kind: 'pass', probe: true });
    const unused = gateAfter(first.gate, 'all', { answered: null, nip: 'A', probe: true }, inMs(2_001));
    expect(admit(unused, inMs(2_001))).toMatchObject({ kind: 'pass', probe: true });
  });

  it('pauses ever longer, up to a minute for all, and is not moved by those that began before', () => {
    let gate = shutForAll;
    const pauses: number[] = [];
    for (let probes = 0; probes < 8; probes += 1) {
      const at = gate.shutUntil ?? NOW;
      gate = gateAfter(gate, 'all', failed('A', true), at);
      pauses.push((gate.shutUntil ?? NOW).getTime() - at.getTime());
      expect(gateAfter(gate, 'all', failed('B'), at)).toEqual(gate);
    }
    expect(pauses).toEqual([4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('that shuts again while work comes back pauses longer than before', () => {
    const back = gateAfter(shutForAll, 'all', answered('A', true), inMs(2_000));
    const again = ['A', 'B', 'A', 'B', 'A'].reduce(
      (gate, nip) => gateAfter(gate, 'all', failed(nip), inMs(3_000)),
      back,
    );
    expect(again.shutUntil).toEqual(inMs(7_000));
  });

  it('lets at most one call through in each pause, whatever happens', () => {
    const step = fc.record({ ms: fc.nat({ max: 5_000 }), nip: fc.constantFrom('A', 'B', null) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let gate = shutForAll;
        let now = NOW;
        let calls = 0;
        for (const { ms, nip } of steps) {
          now = inMs(ms, now);
          const admission = admit(gate, now);
          if (admission.kind !== 'pass') continue;
          calls += 1;
          gate = gateAfter(admission.gate, 'all', failed(nip, admission.probe), now);
        }
        // 2, 4, 8, 16, 32 s and then one a minute.
        const pausesMs = [2_000, 6_000, 14_000, 30_000, 62_000];
        const passedMs = now.getTime() - NOW.getTime();
        const most =
          pausesMs.filter((ms) => ms <= passedMs).length +
          Math.max(0, Math.floor((passedMs - 62_000) / 60_000));
        expect(calls).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('the ramp', () => {
  it('doubles every two seconds and ends', () => {
    expect([0, 2_000, 4_000, 10_000].map(rampAllowance)).toEqual([4, 8, 16, 128]);
    expect(rampAllowance(RAMP_MS)).toBe(Number.POSITIVE_INFINITY);
  });

  it('never lets more through than it allows, and names the moment when it lets on', () => {
    const step = fc.record({ ms: fc.nat({ max: 400 }), asks: fc.nat({ max: 30 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let gate: Gate = { ...CALM_GATE, rampFrom: NOW };
        let passed = 0;
        let now = NOW;
        for (const { ms, asks } of steps) {
          now = inMs(ms, now);
          for (let asked = 0; asked < asks; asked += 1) {
            const admission = admit(gate, now);
            if (admission.kind === 'pass') {
              gate = admission.gate;
              passed += 1;
            } else {
              expect(admission.kind).toBe('ramp');
              expect(admit(gate, admission.until).kind).toBe('pass');
            }
          }
          const allowed = rampAllowance(now.getTime() - NOW.getTime());
          expect(passed).toBeLessThanOrEqual(allowed);
          if (allowed === Number.POSITIVE_INFINITY) break;
        }
      }),
    );
  });

  it('leaves a calm gate behind', () => {
    const admission = admit({ ...CALM_GATE, rampFrom: NOW, pauses: 3 }, inMs(RAMP_MS));
    expect(admission).toEqual({ kind: 'pass', probe: false, gate: CALM_GATE });
  });

  it('is for all: a seller that is let in again is let in at once', () => {
    const shut = after('seller', ...Array.from({ length: FAILURES_TO_SHUT }, () => 'A'));
    expect(gateAfter(shut, 'seller', answered('A', true), inMs(2_000))).toEqual(CALM_GATE);
  });
});

describe('what is said of the connection', () => {
  const well = { gates: [], consecutiveFailures: 0, lastSuccessAt: NOW, latarnia: null };
  it.each([
    ['all is well', well, 'up'],
    ['a gate is shut', { ...well, gates: [shutForAll] }, 'down'],
    ['work comes back', { ...well, gates: [{ ...CALM_GATE, rampFrom: NOW }] }, 'degraded'],
    ['some calls fail', { ...well, consecutiveFailures: 4 }, 'degraded'],
    ['many calls in a row fail', { ...well, consecutiveFailures: 5 }, 'down'],
    [
      'the status service speaks of failure and our calls do not',
      { ...well, latarnia: 'TOTAL_FAILURE' },
      'up',
    ],
    [
      'the status service speaks of failure and we have not called',
      { ...well, lastSuccessAt: null, latarnia: 'FAILURE' },
      'degraded',
    ],
    ['the status service says all is well', { ...well, lastSuccessAt: null, latarnia: 'AVAILABLE' }, 'up'],
  ] as const)('%s', (_what, facts, state) => {
    expect(connectionState(facts, NOW)).toBe(state);
  });
});

describe('moments that a clock which ran ahead has set', () => {
  const ahead = new Date(NOW.getTime() + 3_900_000);

  it('are not waited for', () => {
    const gate = asOf({ ...CALM_GATE, shutUntil: ahead, probeUntil: ahead, pauses: 2 }, NOW);
    expect(admit(gate, NOW)).toMatchObject({ kind: 'pass', probe: true });
    const ramp = asOf({ ...CALM_GATE, rampFrom: ahead, rampCalls: 100 }, NOW);
    expect(admit(ramp, new Date(NOW.getTime() + 20_000))).toMatchObject({ kind: 'pass' });
  });

  it('and what is rightly planned is left as it is', () => {
    const soon = new Date(NOW.getTime() + 60_000);
    const gate = { ...CALM_GATE, shutUntil: soon, probeUntil: soon, rampFrom: NOW };
    expect(asOf(gate, NOW)).toEqual(gate);
  });
});
