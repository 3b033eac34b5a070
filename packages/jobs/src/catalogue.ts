/** Every kind of job there is: its queue, its payload and what makes two rings the same. A job carries ids, never documents. */
import { type Lane, laneKey } from '@wsad/domain';
import { z } from 'zod';

export interface JobPayloads {
  /** Decides what goes out of one lane now. */
  dispatch: Lane;
  /** Packs, opens, uploads and closes one session. */
  send: { readonly sessionId: string };
  /** Follows one session until KSeF has judged it. */
  follow: { readonly sessionId: string };
  /** Logs one seller in, or refreshes its login. */
  login: { readonly nip: string };
  /** Fetches the receipt (UPO) of one invoice. */
  receipt: { readonly invoiceId: string };
  /** Fetches one invoice back from KSeF. */
  confirmation: { readonly invoiceId: string };
  /** Lists or revokes the authentication sessions of one seller, as somebody asked. */
  authSessions: { readonly nip: string };
  /** Delivers to one webhook what is due. */
  webhook: { readonly webhookId: string };
}

export type JobName = keyof JobPayloads;

export interface JobKind<Payload> {
  readonly payload: z.ZodType<Payload>;
  /** Rings with the same id are one ring. */
  readonly ringId: (payload: Payload) => string;
  /** How many run at once in one process, where nothing else is said. */
  readonly concurrency: number;
  /** A snooze up to this long, in milliseconds, keeps the job in its place; none where nothing is said. */
  readonly inPlaceMs?: number;
}

const bySession: JobKind<{ readonly sessionId: string }> = {
  payload: z.strictObject({ sessionId: z.string().min(1) }),
  ringId: ({ sessionId }) => sessionId,
  concurrency: 8,
};

const bySeller: JobKind<{ readonly nip: string }> = {
  payload: z.strictObject({ nip: z.string().min(1) }),
  ringId: ({ nip }) => nip,
  concurrency: 16,
};

const byInvoice: JobKind<{ readonly invoiceId: string }> = {
  payload: z.strictObject({ invoiceId: z.string().min(1) }),
  ringId: ({ invoiceId }) => invoiceId,
  concurrency: 2,
};

export const jobCatalogue: { readonly [Name in JobName]: JobKind<JobPayloads[Name]> } = {
  dispatch: {
    payload: z.strictObject({
      nip: z.string().min(1),
      form: z.string().min(1),
      mode: z.enum(['online', 'offline']),
    }),
    ringId: laneKey,
    concurrency: 8,
  },
  send: bySession,
  // Many: they mostly wait, for KSeF or for the next look.
  follow: { ...bySession, concurrency: 128, inPlaceMs: 1_000 },
  login: bySeller,
  receipt: byInvoice,
  confirmation: byInvoice,
  authSessions: { ...bySeller, concurrency: 2 },
  // Most of it is waiting for others: one that hangs takes nobody's place.
  webhook: {
    payload: z.strictObject({ webhookId: z.string().min(1) }),
    ringId: ({ webhookId }) => webhookId,
    concurrency: 16,
  },
};

export const jobNames: readonly JobName[] = [
  'dispatch',
  'send',
  'follow',
  'login',
  'receipt',
  'confirmation',
  'authSessions',
  'webhook',
];
