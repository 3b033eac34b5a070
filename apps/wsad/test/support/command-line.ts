/** wsad's command line within the test: its arguments in, what it wrote and its exit code out. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '@wsad/cli';
import { z } from 'zod';

/** What every line of a run with --json has, whatever stands beside it. */
const answer = z
  .looseObject({
    ok: z.boolean(),
    exitCode: z.number(),
    error: z.object({ code: z.string(), detail: z.string(), whatToDo: z.string().nullable() }).nullable(),
  })
  .refine(({ ok, exitCode }) => ok === (exitCode === 0))
  .refine(({ ok, error }) => error === null || !ok);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Of a run with --json: its lines. */
  readonly json: Record<string, unknown>[];
}

export interface Caller {
  readonly url: string;
  readonly key: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly isTty?: boolean;
}

export async function wsad(caller: Caller, ...args: string[]): Promise<Ended> {
  const { url, key, input = '', signal = new AbortController().signal, isTty = false } = caller;
  const [out, err] = [terminal(isTty), terminal(isTty)];
  const written = [text(out), text(err)];
  const code = await run(args, {
    environment: { WSAD_URL: url, WSAD_KEY: key },
    input: Readable.from([input]),
    ...{ out, err, signal },
    clock: () => new Date(),
    pause: (ms) => delay(Math.min(ms, 50), undefined, { signal }),
  });
  out.end();
  err.end();
  const [outText = '', errText = ''] = await Promise.all(written);
  const lines = outText.split('\n').filter((line) => line !== '');
  const json = args.includes('--json') ? lines.map((line) => answer.parse(JSON.parse(line))) : [];
  return { code, out: outText, err: errText, json };
}

function terminal(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY, columns: 120, rows: 40 });
}
