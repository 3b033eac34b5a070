/** Sellers of their own for each test, logged in, and what they have sent. */
import { call, logIn, sendBatch } from './client.ts';
import { smallPackage } from './fault-stage.ts';
import type { Harness } from './harness.ts';
import { freshNip } from './invoice.ts';

export async function newSeller(harness: Harness): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

export async function sentBatch(harness: Harness, numbers: readonly string[] = ['1', '2']) {
  const { nip, token } = await newSeller(harness);
  return { nip, token, ...(await sendBatch(harness, token, await smallPackage(harness, nip, numbers))) };
}

export async function statusOf(harness: Harness, token: string, reference: string): Promise<unknown> {
  return (await call(harness, 'GET', `/sessions/${reference}`, { token })).body;
}
