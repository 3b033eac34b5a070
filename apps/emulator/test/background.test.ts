import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createBackground } from '../src/background.ts';

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
