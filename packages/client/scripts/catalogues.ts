/** What invoices can be in and webhooks can tell of, for those who list or choose, from the domain that the API itself answers by. */
import { INVOICE_STATES, webhookEvents } from '@wsad/domain';

const HEADER =
  '/** Written by "npm run generate" in packages/client out of the catalogues of the domain: not to be edited. */\n';

/** The text of src/catalogues.ts as it should be. */
export function catalogues(): string {
  return HEADER + listOf('INVOICE_STATES', INVOICE_STATES) + listOf('WEBHOOK_EVENTS', webhookEvents);
}

function listOf(name: string, entries: readonly string[]): string {
  const rows = entries.map((entry) => `  '${entry}',\n`);
  return `export const ${name} = [\n${rows.join('')}] as const;\n`;
}
