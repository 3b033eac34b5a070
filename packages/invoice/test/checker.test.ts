import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInvoiceChecker } from '../src/index.ts';
import { bytesOf, fa3, RULES } from './template.ts';

const breakingWorker = new URL('./breaking-worker.ts', import.meta.url);
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => bytesOf(fa3({ number: `FV/${index}` })));

describe('the checker', () => {
  const checker = createInvoiceChecker({ threads: 2 });
  beforeAll(() => checker.warm());
  afterAll(() => checker.close());

  it('answers in order, with hash, size and the bytes to store', async () => {
    const files = numbered(500);
    const checked = await checker.check(files, RULES);
    expect(checked.map(({ facts }) => facts?.number)).toEqual(files.map((_, index) => `FV/${index}`));
    for (const [index, { sha256, crc32: sum, sizeBytes, deflated, faults }] of checked.entries()) {
      const file = files[index]!;
      expect(faults).toEqual([]);
      expect(sha256).toBe(createHash('sha256').update(file).digest('base64'));
      expect(sum).toBe(crc32(file));
      expect(sizeBytes).toBe(file.length);
      expect(inflateRawSync(deflated).equals(file)).toBe(true);
    }
  });

  it('answers with the deflated bytes that a file came in, unless the file is refused', async () => {
    const files = [...numbered(2), bytesOf('<')];
    const [first, , bad] = files.map((file) => deflateRawSync(file, { level: 9 }));
    const checked = await checker.check(files, RULES, [first ?? null, null, bad ?? null]);
    expect(checked[0]?.deflated).toBe(first);
    expect(inflateRawSync(checked[1]!.deflated).equals(files[1]!)).toBe(true);
    expect(checked[2]?.deflated).toHaveLength(0);
  });

  it('leaves the files it was given as they were, views and all', async () => {
    const whole = new Uint8Array(await new Blob([fa3(), fa3({ number: 'B' })]).arrayBuffer());
    const length = bytesOf(fa3()).length;
    const files = [whole.subarray(0, length), whole.subarray(length)];
    const copy = Uint8Array.from(whole);
    const checked = await checker.check(files, RULES);
    expect(whole).toEqual(copy);
    expect(checked.map(({ facts }) => facts?.number)).toEqual(['FV/1/10/2026', 'B']);
  });

  it('refuses a bad file alone', async () => {
    const files = numbered(100);
    files[7] = bytesOf('<');
    files[63] = new Uint8Array();
    const checked = await checker.check(files, RULES);
    const refused = checked.flatMap(({ faults }, index) => (faults.length > 0 ? [index] : []));
    expect(refused).toEqual([7, 63]);
    expect(checked[7]).toMatchObject({ facts: null, faults: [{ code: 'NOT_WELL_FORMED' }] });
    expect(checked[7]?.deflated).toHaveLength(0);
  });

  it('keeps calls beside each other apart', async () => {
    const calls = Array.from({ length: 20 }, (_, at) =>
      checker.check([bytesOf(fa3({ seller: RULES.sellerNip, number: `C/${at}` }))], {
        ...RULES,
        today: `2026-10-${10 + at}`,
      }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(([answer]) => answer?.facts?.number)).toEqual(answers.map((_, at) => `C/${at}`));
  });

  it('answers nothing for nothing', async () => {
    await expect(checker.check([], RULES)).resolves.toEqual([]);
  });

  it('leaves the event loop free', async () => {
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    turn();
    await checker.check(numbered(1000), RULES);
    isDone = true;
    expect(turns).toBeGreaterThan(100);
  });
});

describe('a file that breaks the parser', () => {
  it.each(['EXIT', 'THROW'])('is refused alone, and its thread replaced: %s', async (how) => {
    const checker = createInvoiceChecker({ threads: 1, workerFile: breakingWorker });
    const files = numbered(10);
    files[4] = bytesOf(how);
    const first = await checker.check(files, RULES);
    const second = await checker.check(numbered(10), RULES);
    await checker.close();
    expect(first.map(({ faults }) => faults.map(({ code }) => code))).toEqual(
      files.map((_, index) => (index === 4 ? ['CHECK_FAILED'] : [])),
    );
    expect(first[4]).toMatchObject({ sizeBytes: how.length, facts: null });
    expect(first[4]?.sha256).toBe(createHash('sha256').update(how).digest('base64'));
    expect(second.every(({ faults }) => faults.length === 0)).toBe(true);
  });

  it('or hangs it, likewise', async () => {
    const checker = createInvoiceChecker({ threads: 1, workerFile: breakingWorker, packTimeMaxMs: 4000 });
    const checked = await checker.check([bytesOf('HANG'), ...numbered(2)], RULES);
    await checker.close();
    expect(checked.map(({ faults }) => faults.length)).toEqual([1, 0, 0]);
    expect(checked[0]?.faults[0]?.code).toBe('CHECK_FAILED');
  });
});

// To end a thread that is still loading would end the process.
describe('a checker that is closed early', () => {
  it('lets its threads load first', async () => {
    const checker = createInvoiceChecker({ threads: 2 });
    const order: string[] = [];
    await Promise.all([
      checker.close().then(() => order.push('closed')),
      checker.warm().then(() => order.push('loaded')),
    ]);
    expect(order).toEqual(['loaded', 'closed']);
  });

  // The file breaks the thread that checks it, and then the one that checks it alone.
  it('and so those that took the places of others', async () => {
    const checker = createInvoiceChecker({ threads: 2, workerFile: breakingWorker });
    await checker.check([bytesOf('EXIT')], RULES);
    await checker.close();
    await checker.close();
  });
});

describe('a checker that cannot work', () => {
  it('fails instead of refusing invoices when its threads cannot start', async () => {
    const workerFile = new URL('./broken-worker.ts', import.meta.url);
    const checker = createInvoiceChecker({ threads: 1, workerFile });
    await expect(checker.warm()).rejects.toThrow('cannot start');
    await expect(checker.check(numbered(1), RULES)).rejects.toThrow('cannot start');
    await checker.close();
  });

  it('fails when it is closed', async () => {
    const checker = createInvoiceChecker({ threads: 1 });
    await checker.warm();
    await checker.close();
    await expect(checker.check(numbered(1), RULES)).rejects.toThrow('closed');
  });
});
