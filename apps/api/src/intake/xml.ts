import { Problem } from '@wsad/domain';
import type { CallBudget } from './call-budget.ts';
import { collectEntry, type Entry } from './entry.ts';

/** The whole body is one invoice. */
export async function* xmlEntries(
  body: AsyncIterable<Uint8Array>,
  budget: CallBudget,
): AsyncGenerator<Entry> {
  const content = await collectEntry(body, budget);
  if (content.kind === 'bytes' && content.bytes.byteLength === 0)
    throw new Problem('NO_INVOICES', 'The body is empty.');
  yield { fileName: null, externalId: null, content };
}
