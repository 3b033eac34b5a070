/** Before the clock starts: every seller gets its token, and wsad logs in by itself. */
import pLimit from 'p-limit';
import type { DemoClient } from './client.ts';
import type { DemoSeller } from './invoices.ts';

const PARALLEL_CALLS = 4;

/** Logging in is not waited for: it belongs to the main job. */
export async function prepareSellers(client: DemoClient, sellers: readonly DemoSeller[]): Promise<void> {
  const limit = pLimit(PARALLEL_CALLS);
  await Promise.all(sellers.map(({ nip }) => limit(() => client.putToken(nip, `demo-token-${nip}`))));
}
