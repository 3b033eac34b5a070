import { expect, it } from 'vitest';
import { dispatchLane, sendSession } from '../src/index.ts';
import { LANE } from './support/state.ts';
import { testWorld } from './support/world.ts';

const FIRST = 'session-1';
const EIO = Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO', syscall: 'write' });

it('a disk that fails is told by name; the session waits, and goes once that is mended', async () => {
  const test = testWorld();
  test.acceptMany(8);
  await dispatchLane(test.world, LANE);
  let broken = true;
  const build: typeof test.world.packager.build = async (input) => {
    if (broken) throw EIO;
    return await test.world.packager.build(input);
  };
  const world = { ...test.world, packager: { ...test.world.packager, build } };
  for (let tries = 0; tries < 30; tries += 1) {
    expect(await sendSession(world, FIRST)).toMatchObject({ kind: 'snooze' });
    test.pass(300_000);
  }
  expect(test.events).toContainEqual({
    type: 'disk.failed',
    disk: 'files',
    why: 'broken',
    message: EIO.message,
  });
  expect(test.model.sessions.size).toBe(0);
  broken = false;
  await test.settle(world);
  expect([...test.state.invoices.values()].map(({ state }) => state)).toEqual(Array(8).fill('cleared'));
  expect(test.model.sessions.size).toBe(1);
});
