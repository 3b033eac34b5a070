/** Looks into the ledger all the time: whether everything has ended, and how long after each fault that took. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Injection } from './inject.ts';
import type { Promised } from './workload.ts';

export interface Rest {
  /**
   * Every accepted invoice has ended and has its UPO where it can have one, and no session is under way, as seen by a
   * look that began after `sinceMs`.
   */
  readonly isThere: (sinceMs: number) => boolean;
  readonly recoveredMs: (injection: Injection) => number | null;
  stop(): Promise<void>;
}

const LOOK_MS = 100;
const ANSWER_MS = 3_000;

const UNDER_WAY = `
  SELECT id FROM invoices WHERE state IN ('accepted', 'sending', 'processing')
  UNION ALL SELECT id FROM invoices WHERE state = 'cleared' AND receipt_session_id IS NULL AND session_id IS NOT NULL
    AND EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND receipts_due)
  UNION ALL SELECT id FROM sessions WHERE state IN ('claimed', 'opened', 'closing', 'closed')`;

interface Watched {
  /** Accepted when the trouble was over, and not ended then. */
  waiting: Set<string> | null;
  recoveredMs: number | null;
}

export function watchRest(
  databaseUrl: string,
  promised: readonly Promised[],
  injections: readonly Injection[],
): Rest {
  const watched = new Map<Injection, Watched>(
    injections.map((injection) => [injection, { waiting: null, recoveredMs: null }]),
  );
  let restSeenAtMs = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const looking = look();

  async function look(): Promise<void> {
    const ledger = openEye(databaseUrl);
    while (!stopped) {
      const beganAtMs = performance.now();
      const underWay = await ledger.underWay();
      const nowMs = performance.now();
      if (underWay !== null) {
        if (underWay.size === 0) restSeenAtMs = beganAtMs;
        for (const [injection, each] of watched) note(injection, each, underWay, nowMs);
      }
      await delay(LOOK_MS);
    }
    await ledger.close();
  }

  function note({ struck }: Injection, each: Watched, underWay: ReadonlySet<string>, nowMs: number): void {
    const { overAtMs, hit } = struck;
    if (!hit || overAtMs === null || each.recoveredMs !== null) return;
    each.waiting ??= new Set(
      promised
        .filter(({ atMs, invoiceId }) => atMs <= overAtMs && underWay.has(invoiceId))
        .map((one) => one.invoiceId),
    );
    if (each.waiting.size === 0) return;
    if ([...each.waiting].every((id) => !underWay.has(id))) each.recoveredMs = Math.round(nowMs - overAtMs);
  }

  return {
    isThere: (sinceMs) => restSeenAtMs > sinceMs,
    recoveredMs: (injection) => watched.get(injection)?.recoveredMs ?? null,
    async stop() {
      stopped = true;
      await looking;
    },
  };
}

interface Eye {
  /** What has not ended; null while PostgreSQL is away. */
  underWay(): Promise<ReadonlySet<string> | null>;
  close(): Promise<void>;
}

function openEye(databaseUrl: string): Eye {
  let client: Client | null = null;
  const close = async (): Promise<void> => {
    await client?.end().catch(() => {});
    client = null;
  };
  return {
    async underWay() {
      try {
        client ??= await connected(databaseUrl);
        const { rows } = await client.query<{ id: string }>(UNDER_WAY);
        return new Set(rows.map(({ id }) => id));
      } catch {
        await close();
        return null;
      }
    },
    close,
  };
}

async function connected(databaseUrl: string): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
