import { afterAll, beforeAll, expect } from 'vitest';
import { type Emulator, type EmulatorOptions, type Exchange, startEmulator } from '../../src/index.ts';
import { createOpenApiGuard, type OpenApiGuard } from '../../src/openapi-guard.ts';
import { official, officialFilesMissing } from './official-files.ts';

/** A clock that moves only when a test moves it. */
export type TestClock = { now: () => Date; advance(ms: number): void; set(iso: string): void };

export function testClock(start: string): TestClock {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
    set: (iso) => {
      nowMs = Date.parse(iso);
    },
  };
}

export type Harness = {
  readonly emulator: Emulator;
  clock: TestClock;
  /** What the specification has against the exchanges so far. */
  problems: string[];
  guard: OpenApiGuard | null;
};

/** Marks a request that is wrong on purpose: only its answer is held against the specification. */
export const WRONG_ON_PURPOSE = 'x-wrong-on-purpose';

/**
 * One emulator for a test file, every exchange compared with the specification where it is at hand. Answers 501 and
 * 404 and programmed faults are the emulator's own and not compared.
 */
export function useEmulator(options: EmulatorOptions = {}): Harness {
  const clock = testClock('2026-03-16T10:00:00Z');
  const guard = officialFilesMissing
    ? null
    : createOpenApiGuard(JSON.parse(official('open-api-2.7.0.json').toString()));
  const problems: string[] = [];
  let started: Emulator | undefined;

  function onExchange(exchange: Exchange): void {
    if (guard === null || exchange.faulted || exchange.status === 501 || exchange.status === 404) return;
    const wrong = exchange.requestHeaders[WRONG_ON_PURPOSE] !== undefined;
    problems.push(...(wrong ? guard.checkAnswer(exchange) : guard.check(exchange)));
  }

  beforeAll(async () => {
    started = await startEmulator({ clock: clock.now, onExchange, ...options });
  });
  afterAll(async () => {
    await started?.close();
    expect(problems).toEqual([]);
  });
  return {
    clock,
    problems,
    guard,
    get emulator() {
      if (started === undefined) throw new Error('the emulator is not started yet');
      return started;
    },
  };
}
