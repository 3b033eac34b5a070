import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { breathe, createBackground, noteCall } from '../src/background.ts';

const LONGER_THAN_A_SLICE_MS = 6;

it('closing in the middle of work that awaits its pause only afterwards leaves no rejection unhandled', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  onTestFinished(() => void process.off('unhandledRejection', unhandled));
  const background = createBackground();
  const { promise: judged, resolve: judge } = Promise.withResolvers<void>();
  const ends: string[] = [];
  background.start(async () => {
    const notBefore = background.wait(60_000);
    await judged;
    ends.push('judged');
    await notBefore;
    ends.push('told');
  });
  const stopped = background.stop();
  await nextTurn();
  judge();
  await stopped;
  expect(unhandled).not.toHaveBeenCalled();
  expect(ends).toEqual(['judged']);
});

it('works of any number share their slices: calls are answered between any two of them', async () => {
  let turn = 0;
  let counting = true;
  const count = async (): Promise<void> => {
    for (; counting; turn += 1) await nextTurn();
  };
  const turns: number[] = [];
  const work = async (): Promise<void> => {
    for (let step = 0; step < 5; step += 1) {
      const from = performance.now();
      while (performance.now() - from < LONGER_THAN_A_SLICE_MS);
      await breathe();
      turns.push(turn);
    }
  };
  const counted = count();
  await Promise.all([work(), work(), work()]);
  counting = false;
  await counted;
  expect(new Set(turns).size).toBe(turns.length);
});

/** How often others have a turn while long work that has used its slice breathes. */
async function turnsOfABreath(beforeBreath: () => void): Promise<number> {
  await breathe();
  const from = performance.now();
  while (performance.now() - from < LONGER_THAN_A_SLICE_MS);
  beforeBreath();
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await breathe();
  isOver = true;
  return turns;
}

const FEW_TURNS = 5;

it('rests between two slices while calls come, and goes on although they never end', async () => {
  let isOver = false;
  const callOn = (): void => {
    noteCall();
    if (!isOver) setImmediate(callOn);
  };
  setImmediate(callOn);
  // A machine that stops in the middle of a slice makes it look like one that has only just begun.
  await expect.poll(() => turnsOfABreath(noteCall)).toBeGreaterThan(FEW_TURNS);
  isOver = true;
  await expect.poll(() => turnsOfABreath(() => undefined)).toBeLessThanOrEqual(FEW_TURNS);
});
