import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  timeoutMs?: number;
  intervalMs?: number;
  /** What is awaited, for the message when it does not come. */
  what?: string;
}

/**
 * Asks `check` again and again until it answers something other than null, undefined or false, and returns that.
 * A check that throws counts as "not yet"; its last error is the cause of the time-out. For conditions that
 * announce themselves by no event, such as a row in a database.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20, what = 'the awaited condition' }: EventuallyOptions = {},
): Promise<Exclude<T, null | undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await attempt(check);
    if (isThere(answer.value)) return answer.value;
    if (performance.now() > deadline) {
      throw new Error(`${what} did not come within ${timeoutMs} ms`, { cause: answer.error });
    }
    await delay(intervalMs);
  }
}

async function attempt<T>(check: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await check() };
  } catch (error) {
    return { error };
  }
}

function isThere<T>(value: T): value is Exclude<T, null | undefined | false> {
  return value !== null && value !== undefined && value !== false;
}
