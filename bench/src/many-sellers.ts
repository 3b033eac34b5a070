/**
 * A thousand sellers that nobody has logged in yet, twenty invoices each: from the first token handed over to the last
 * KSeF number. Every seller costs a whole login and a session of its own, so this is about calls, jobs and round trips
 * rather than about bytes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { warsawDay } from '@wsad/domain';
import { makeInvoice } from '@wsad/samples';
import { z } from 'zod';
import type { Benchmark, Figures } from './measure.ts';
import { differentNips } from './sellers.ts';
import { type BenchSystem, startSystem } from './system.ts';

interface Size {
  readonly sellers: number;
  readonly invoicesEach: number;
}

const WHOLE: Size = { sellers: 1000, invoicesEach: 20 };
const SMOKE: Size = { sellers: 3, invoicesEach: 6 };

const SELLERS_SEED = 20_260_203;
const PARALLEL_CLIENTS = 4;
const LOOK_PAUSE_MS = 250;
const PATIENCE_MS = 300_000;

export const manySellers: Benchmark = {
  name: 'many-sellers',
  what: '1,000 sellers x 20 invoices, logins included, at instant speed (emulator without XSD check)',
  async run({ smoke = false } = {}) {
    const system = await startSystem();
    try {
      return await measured(system, smoke ? SMOKE : WHOLE);
    } finally {
      await system.stop();
    }
  },
};

async function measured(system: BenchSystem, size: Size): Promise<Figures> {
  const today = warsawDay(new Date());
  const bodies = differentNips(size.sellers, SELLERS_SEED).map((nip, index) => ({
    nip,
    invoices: Array.from({ length: size.invoicesEach }, (_, position) => ({
      xml: makeInvoice({ nip, number: `MANY/${position}`, issueDate: today, seed: index * 101 + position }),
    })),
  }));
  const begun = performance.now();
  const waiting = bodies.values();
  // Each takes the next seller from the same line.
  const client = async (): Promise<void> => {
    for (const { nip, invoices } of waiting) {
      await system.call('PUT', `/v1/sellers/${nip}/credentials`, {
        type: 'ksefToken',
        token: `token-${nip}`,
      });
      await system.call('POST', `/v1/sellers/${nip}/invoices`, { invoices });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, client));
  const acceptedMs = performance.now() - begun;
  for (const state of ['accepted', 'sending', 'processing']) await untilNone(system, state);
  const elapsedMs = performance.now() - begun;
  for (const state of ['held', 'rejected'])
    if (await someAre(system, state)) throw new Error(`some invoices are ${state}`);
  return {
    acceptedMs,
    elapsedMs,
    sellersPerSecond: (1000 * size.sellers) / elapsedMs,
    rateLimited: await system.rateLimited(),
    queueInRedis: Number(system.queue === 'redis'),
  };
}

async function untilNone(system: BenchSystem, state: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (await someAre(system, state)) {
    if (performance.now() > giveUpAt) throw new Error(`some invoices are still ${state}`);
    await pause(LOOK_PAUSE_MS);
  }
}

const page = z.object({ items: z.array(z.unknown()) });

async function someAre(system: BenchSystem, state: string): Promise<boolean> {
  const { items } = page.parse(await system.call('GET', `/v1/invoices?state=${state}&limit=1`));
  return items.length > 0;
}
