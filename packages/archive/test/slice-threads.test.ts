/** A package is made whatever becomes of the threads. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { gzipMembers } from '../src/gzip-members.ts';
import { deflateSlice, type Slice } from '../src/slice.ts';
import { createDeflaters, SLICE_THREADS, startThread } from '../src/slice-threads.ts';
import { tarEntryBytes } from '../src/tar.ts';
import { entryOf } from './support.ts';

const BREAKING = fileURLToPath(new URL('breaking-thread.ts', import.meta.url));
const MISSING = fileURLToPath(new URL('no-such-thread.ts', import.meta.url));

function sliceOf(name: string): Slice {
  const entry = entryOf(name, Buffer.alloc(5_000, name));
  const tarBytes = tarEntryBytes(name, entry.sizeBytes);
  const members = gzipMembers([entry]);
  return { members, names: [name], sizesBytes: [entry.sizeBytes], tarBytes, from: 0, to: tarBytes };
}

/** More than the threads can have in hand at once. */
const manySlices = Array.from({ length: 4 * SLICE_THREADS }, (_, index) => `${index}.xml`);

/** How many starts were tried, and how many threads have ended. */
function counting(start: typeof startThread, filename: string) {
  const seen = { started: 0, ended: 0 };
  const deflaters = createDeflaters(() => {
    seen.started += 1;
    return start(filename).on('workerDestroy', () => {
      seen.ended += 1;
    });
  });
  return { seen, deflaters };
}

async function expectDeflated(names: readonly string[], deflaters: ReturnType<typeof createDeflaters>) {
  const deflate = deflaters();
  const all = await Promise.all(names.map((name) => deflate(() => sliceOf(name))));
  for (const [index, answer] of all.entries()) {
    const expected = deflateSlice(sliceOf(names[index] ?? ''));
    expect(Buffer.compare(answer.deflated, expected.deflated)).toBe(0);
    expect(answer).toMatchObject({ crc: expected.crc, sizeBytes: expected.sizeBytes });
  }
}

test('all packages share the threads', async () => {
  const { seen, deflaters } = counting(startThread, BREAKING);
  await Promise.all([expectDeflated(manySlices, deflaters), expectDeflated(manySlices, deflaters)]);
  await expectDeflated(manySlices, deflaters);
  expect(seen).toEqual({ started: SLICE_THREADS, ended: 0 });
});

test('slices of threads that cannot load their file are done here, and the next package tries again', async () => {
  const { seen, deflaters } = counting(startThread, MISSING);
  await expectDeflated(manySlices, deflaters);
  expect(seen).toEqual({ started: SLICE_THREADS, ended: SLICE_THREADS });
  await expectDeflated(manySlices, deflaters);
  expect(seen).toEqual({ started: 2 * SLICE_THREADS, ended: 2 * SLICE_THREADS });
});

test('slices are done here where the system gives no thread', async () => {
  const refuse = () => {
    throw new Error('EAGAIN');
  };
  const { seen, deflaters } = counting(refuse, BREAKING);
  await expectDeflated(manySlices, deflaters);
  expect(seen).toEqual({ started: 1, ended: 0 });
});

test('what a dying thread had in hand is done here, and the next package gets another thread', async () => {
  const { seen, deflaters } = counting(startThread, BREAKING);
  await expectDeflated([...manySlices, 'EXIT', ...manySlices], deflaters);
  expect(seen).toEqual({ started: SLICE_THREADS, ended: 1 });
  await expectDeflated(manySlices, deflaters);
  expect(seen).toEqual({ started: SLICE_THREADS + 1, ended: 1 });
});

test('a slice that a thread fails at is tried here, too', async () => {
  const { seen, deflaters } = counting(startThread, BREAKING);
  await expectDeflated(['THROW', ...manySlices], deflaters);
  expect(seen.ended).toBe(0);
  const damaged = deflaters()(() => ({ ...sliceOf('a.xml'), members: Buffer.alloc(100) }));
  await expect(damaged).rejects.toThrow('incorrect header check');
});
