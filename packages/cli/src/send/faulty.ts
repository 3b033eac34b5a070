/** The invoices that did not go through, each with every reason. */
import type { Client, Schemas } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';

export interface Faulty {
  readonly fileName: string | null;
  readonly invoiceNumber: string | null;
  /** Null where it was refused before it was taken in. */
  readonly id: string | null;
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

export function refusedOf({ invoices }: Schemas['Submitted']): Faulty[] {
  return invoices
    .filter(({ state }) => state === 'refused')
    .map(({ fileName, invoiceNumber, id, state, errors }) => ({
      ...{ fileName, invoiceNumber, id, state },
      reasons: errors.map(({ code, line, message }) => ({
        code,
        message: line === null ? message : `${message} (line ${line})`,
      })),
    }));
}

export function faultyOf(invoice: Schemas['InvoiceSummary']): Faulty {
  const { fileName, invoiceNumber, id, state } = invoice;
  return { fileName, invoiceNumber, id, state, reasons: reasonsOf(invoice) };
}

function reasonsOf({ error, held }: Schemas['InvoiceSummary']): Faulty['reasons'] {
  if (held !== null) return [{ code: held.cause, message: held.detail ?? held.advice }];
  if (error === null) return [];
  return [{ code: String(error.code), message: [error.description, ...error.details].join(': ') }];
}

export async function* settledBadly(client: Client, submissionId: string): AsyncGenerator<Faulty> {
  for (const state of ['rejected', 'held', 'withdrawn'] as const) {
    const page = (after: After) =>
      client.answered(
        client.api.GET('/v1/invoices', {
          params: { query: { submissionId, state, limit: 1000, ...after } },
        }),
      );
    for await (const invoice of allPages(page)) yield faultyOf(invoice);
  }
}
