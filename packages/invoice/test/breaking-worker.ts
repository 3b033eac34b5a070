import * as worker from '../src/worker.ts';

/** The real worker, but for files that say how it should break. */
export function checkPack(task: worker.CheckTask): unknown {
  const text = Buffer.from(task.files.bytes).toString('latin1');
  if (text.includes('EXIT')) process.exit(1);
  if (text.includes('HANG')) for (;;);
  if (text.includes('THROW')) throw new Error('the parser broke');
  return worker.checkPack(task);
}
