/** What happens, told once: code emits these, one subscriber (packages/telemetry) words logs and counts metrics. */
import type { DeadlineThreshold } from './deadlines.ts';

export type WsadEvent =
  | {
      type: 'submission.accepted';
      nip: string;
      submissionId: string;
      accepted: number;
      refused: number;
      durationMs: number;
    }
  | { type: 'session.claimed'; nip: string; sessionId: string; kind: string; invoices: number }
  | {
      type: 'session.packaged';
      nip: string;
      sessionId: string;
      bytes: number;
      parts: number;
      durationMs: number;
    }
  | { type: 'session.opened'; nip: string; sessionId: string; kind: string; reference: string }
  | { type: 'session.closed'; nip: string; sessionId: string; kind: string; reference: string }
  | {
      type: 'session.settled';
      nip: string;
      sessionId: string;
      cleared: number;
      rejected: number;
      held: number;
      again: number;
      durationMs: number;
    }
  | { type: 'session.failed'; nip: string; sessionId: string; code: number; description: string }
  | { type: 'session.abandoned'; nip: string; sessionId: string; why: string }
  /** A seller's sessions of the time that the ledger did not know of were looked through. */
  | { type: 'seller.reconciled'; nip: string; sessions: number; registrations: number; cleared: number }
  | { type: 'login.opened'; nip: string; method: string; durationMs: number }
  | { type: 'login.refreshed'; nip: string; durationMs: number }
  | { type: 'login.refused'; nip: string; code: number; description: string }
  | {
      type: 'credential.expiring';
      nip: string | null;
      sharedName: string | null;
      use: 'login' | 'offline';
      expiresInDays: number;
    }
  | { type: 'ksef.called'; operation: string; nip: string | null; status: number | null; durationMs: number }
  | { type: 'ksef.rateLimited'; operation: string; nip: string | null; retryAfterMs: number }
  /** That KSeF answered could not be written down: the call's places stay taken for a while. */
  | { type: 'ksef.unwritten'; operation: string; nip: string | null; message: string }
  /** KSeF does not answer any more: for all, or for one seller alone. */
  | { type: 'ksef.down'; nip: string | null; failures: number }
  | { type: 'ksef.up'; nip: string | null; downMs: number }
  /** KSeF's clock less ours, by the challenge of a login. */
  | { type: 'ksef.clock'; offsetMs: number; uncertaintyMs: number }
  /** X-System-Warning: KSeF announces something beside its answer. */
  | { type: 'ksef.warned'; operation: string; text: string }
  | { type: 'latarnia.said'; status: string; messages: number }
  | { type: 'latarnia.failed'; message: string }
  | { type: 'deadline.near'; nip: string; threshold: DeadlineThreshold; deadlineAt: Date; invoices: number }
  | { type: 'invoices.held'; nip: string; cause: string; count: number }
  | { type: 'invoice.markedOffline'; nip: string; sessionId: string; count: number }
  | { type: 'webhook.delivered'; webhookId: string; event: string; items: number; durationMs: number }
  /** `final`: it is not tried again. */
  | { type: 'webhook.failed'; webhookId: string; event: string; why: string; tries: number; final: boolean }
  | { type: 'webhook.disabled'; webhookId: string; why: string }
  | { type: 'ring.failed'; what: string; message: string }
  | { type: 'job.failed'; queue: string; message: string }
  | { type: 'job.snoozed'; queue: string; why: string }
  /** The disk of PostgreSQL (`ledger`) or of our own files has no room, or cannot be read or written: work waits for it. */
  | { type: 'disk.failed'; disk: 'ledger' | 'files'; why: 'full' | 'broken'; message: string }
  | { type: 'queue.failed'; queue: string; message: string };

export type EmitEvent = (event: WsadEvent) => void;
