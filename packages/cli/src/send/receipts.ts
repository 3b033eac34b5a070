/** Are the receipts (UPO) there? One is for a whole session, so that one invoice of each session tells. */
import type { Client } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';

const LOOK_EVERY_MS = 1_000;

export interface ReceiptWait {
  readonly client: Client;
  readonly submissionIds: readonly string[];
  readonly pause: (ms: number) => Promise<void>;
  readonly isOver: () => boolean;
  /** Told of how many cleared invoices have theirs. */
  readonly onCount: (receipts: number) => void;
}

/** How many invoices had their receipt when all had, or when it was over. */
export async function waitForReceipts(wait: ReceiptWait): Promise<number> {
  let receipts = 0;
  let missing = await sessionsOf(wait);
  for (;;) {
    const still: ClearedSession[] = [];
    for (const session of missing) {
      if (await hasReceipt(wait.client, session.invoiceId)) receipts += session.invoices;
      else still.push(session);
    }
    wait.onCount(receipts);
    missing = still;
    if (missing.length === 0 || wait.isOver()) return receipts;
    await wait.pause(LOOK_EVERY_MS);
  }
}

interface ClearedSession {
  /** One of its invoices. */
  readonly invoiceId: string;
  readonly invoices: number;
}

async function sessionsOf({ client, submissionIds }: ReceiptWait): Promise<ClearedSession[]> {
  const sessions = new Map<string, ClearedSession>();
  for (const submissionId of submissionIds) {
    const query = { submissionId, state: 'cleared', limit: 1000 } as const;
    const page = (after: After) =>
      client.answered(
        client.api.GET('/v1/invoices', {
          params: { query: { ...query, ...after } },
        }),
      );
    for await (const { id, sessionId } of allPages(page)) {
      const name = sessionId ?? id;
      const known = sessions.get(name);
      sessions.set(name, { invoiceId: known?.invoiceId ?? id, invoices: (known?.invoices ?? 0) + 1 });
    }
  }
  return [...sessions.values()];
}

async function hasReceipt(client: Client, id: string): Promise<boolean> {
  const call = client.api.GET('/v1/invoices/{id}', { params: { path: { id } } });
  return (await client.answered(call)).upoAvailable;
}
