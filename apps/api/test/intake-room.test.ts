import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intakeRoom } from '../src/intake/intake-room.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { startTestApi } from './support/test-api.ts';

seeded();
const FOR_EVER_MS = 1_000_000;
const AT_ONCE_MS = 0;

describe('the room for submissions', () => {
  it('is never taken beyond its size but by one that has it alone, and comes back whole', async () => {
    const calls = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(calls, async (sizes) => {
        const room = intakeRoom(100, FOR_EVER_MS);
        const inside: number[] = [];
        const call = async (bytes: number) => {
          const leave = await room.take(bytes);
          inside.push(bytes);
          const sum = inside.reduce((total, each) => total + each, 0);
          expect(inside.length === 1 || sum <= 100).toBe(true);
          await Promise.resolve();
          inside.splice(inside.indexOf(bytes), 1);
          leave();
        };
        await Promise.all(sizes.map(call));
        expect(inside).toEqual([]);
        (await room.take(100))();
      }),
    );
  });

  it('lets a small call past a large one that waits', async () => {
    const room = intakeRoom(100, FOR_EVER_MS);
    const leave = await room.take(60);
    let hasEntered = false;
    const large = room.take(80).then(() => {
      hasEntered = true;
    });
    await room.take(40);
    expect(hasEntered).toBe(false);
    leave();
    expect(hasEntered).toBe(false);
    void large;
  });

  it('turns away whom it has no room for in time', async () => {
    const room = intakeRoom(100, AT_ONCE_MS);
    const leave = await room.take(60);
    await expect(room.take(41)).rejects.toMatchObject({ code: 'TOO_BUSY', status: 503 });
    leave();
    await expect(room.take(100)).resolves.toBeTypeOf('function');
  });
});

it('a call beyond the room is answered 503 and may come again', async () => {
  const api = await startTestApi({ room: intakeRoom(1, AT_ONCE_MS) });
  const [slow = '', quick = ''] = goodXmls(2);
  const submit = (body: string | ReadableStream) =>
    api.call('POST', sellerPath('invoices'), { body, type: 'application/xml' });
  let finish = (): void => {};
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(slow.slice(0, 100)));
      finish = () => {
        controller.enqueue(Buffer.from(slow.slice(100)));
        controller.close();
      };
    },
  });
  const first = submit(body);
  // The first call has the room from some moment on; until then there is room for others.
  let other = await submit(quick);
  while (other.status === 202) other = await submit(quick);
  expect(other.status).toBe(503);
  expect(other.json).toMatchObject({ code: 'TOO_BUSY' });
  expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0);
  finish();
  expect(await first).toMatchObject({ status: 202 });
  expect(await submit(quick)).toMatchObject({ status: 202 });
  await api.close();
});
