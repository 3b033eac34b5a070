/** A session that was sent, and what becomes of it look by look. */
import type { SessionStatus } from '@wsad/domain';
import { dispatchLane, followSession, sendSession } from '../../src/index.ts';
import { inTurn, type Operation, type Strike } from './faults.ts';
import { LANE } from './state.ts';
import { type TestWorld, testWorld } from './world.ts';

export const FIRST = 'session-1';
export const NO_UPO = { upoPages: [] };

interface Options {
  readonly texts?: readonly string[];
  readonly strikes?: Partial<Record<Operation, (Strike | null)[]>>;
  readonly disguise?: (status: SessionStatus) => SessionStatus;
  readonly failure?: number;
}

/** A batch session that KSeF has judged at the next look. */
export async function closed({
  texts = numbered(6),
  strikes = {},
  disguise,
  failure,
}: Options = {}): Promise<TestWorld> {
  const test = testWorld({
    strike: inTurn(strikes),
    failure: () => failure ?? null,
    ...(disguise === undefined ? {} : { disguise }),
  });
  test.accept(...texts);
  await dispatchLane(test.world, LANE);
  await sendSession(test.world, FIRST);
  test.queue.clear();
  test.pass(1_000);
  await followSession(test.world, FIRST);
  test.pass(1_000);
  return test;
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `FV/${index + 1}`);
}

export const follow = (test: TestWorld) => followSession(test.world, FIRST);

/** How long each of so many looks is put off, one after the other. */
export async function delaysOf(test: TestWorld, looks: number): Promise<number[]> {
  const delays: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    const outcome = await follow(test);
    if (outcome.kind !== 'snooze') break;
    delays.push(outcome.until.getTime() - test.world.clock().getTime());
    test.pass(delays.at(-1) ?? 0);
  }
  return delays;
}

export const session = (test: TestWorld) => test.state.sessions.get(FIRST);
export const states = (test: TestWorld) => [...test.state.invoices.values()].map((invoice) => invoice.state);
export const calls = (test: TestWorld, operation: Operation) =>
  test.model.calls.filter((call) => call === operation).length;
