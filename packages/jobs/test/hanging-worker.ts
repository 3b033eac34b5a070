/** A worker process for a test to kill: tells its parent when it is ready and when it has a job, and never ends it. */
import { connectQueue, startWorkers } from '../src/index.ts';

const [url = ''] = process.argv.slice(2);
const tell = (what: string): void => {
  process.send?.(what);
};
const clock = (): Date => new Date();
const connection = await connectQueue({ url, emit: () => undefined, clock });
await startWorkers(
  connection,
  {
    send: () => {
      tell('started');
      return new Promise(() => undefined);
    },
  },
  { emit: () => undefined, clock, random: Math.random },
);
tell('ready');
