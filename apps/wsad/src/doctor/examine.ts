/** All checks in the order in which one depends on another: settings, stores, KSeF, the seller. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '@wsad/config';
import { LOOKS_TO_SPARE, type Pacer } from '@wsad/domain';
import { createKsefClient, type KsefClient } from '@wsad/ksef';
import type { PostgresLedger } from '@wsad/ledger';
import { examineDatabase } from './checks/database.ts';
import { examineKsef } from './checks/ksef.ts';
import { examineQueueStore } from './checks/queue.ts';
import { examineSeller } from './checks/seller.ts';
import { examineSettings, examineSpool } from './checks/settings.ts';
import { type Finding, unknown } from './finding.ts';

const clock = (): Date => new Date();

export async function examine(nip: string | null): Promise<Finding[]> {
  const { config, findings } = examineSettings();
  if (config === null) return [...findings, unknown('database', 'the settings are not right')];
  const database = await examineDatabase(config);
  try {
    const ksef = clientOf(config, database.ledger);
    try {
      return [
        ...findings,
        ...database.findings,
        ...(await examineQueueStore(config.queueUrl, database.url)),
        await examineSpool(config),
        ...(await examineKsef(ksef, clock)),
        ...(await sellerFindings(nip, database.ledger, ksef)),
      ];
    } finally {
      await ksef.close();
    }
  } finally {
    await database.close();
  }
}

async function sellerFindings(
  nip: string | null,
  ledger: PostgresLedger | null,
  ksef: KsefClient,
): Promise<Finding[]> {
  if (nip === null) return [];
  if (ledger === null) return [unknown('credentials', 'they are in the database, which could not be opened')];
  return await examineSeller(nip, ledger, ksef, clock);
}

/** The doctor's calls count like any others; without the ledger there are but a few, which need no login. */
function clientOf({ ksef, egress }: Config, ledger: PostgresLedger | null): KsefClient {
  const pacer = ledger?.pacer({ egress, clock, wait: (ms) => delay(ms) }) ?? uncounted;
  return createKsefClient({ baseUrl: ksef.baseUrl, pacer, clock, emit: () => undefined });
}

const uncounted: Pacer = {
  take: async () => ({ answered: async () => {} }),
  refused: async () => {},
  looksLeft: () => LOOKS_TO_SPARE,
};
