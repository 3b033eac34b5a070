/** Everything beside ledger and KSeF, and the world that holds it all. */
import type { EmitEvent, Lane, LatarniaReading, Observe, RightOfWay } from '@wsad/domain';
import type { Ksef } from './ksef.ts';
import type { Ledger } from './ledger.ts';
import type { WebhookSender } from './webhooks.ts';

export type Clock = () => Date;

/** The bell: best effort, deduplicated; losing a ring costs seconds, never an invoice. */
export interface Doorbell {
  dispatch(lane: Lane, anew?: number): Promise<void>;
  send(sessionId: string, anew?: number): Promise<void>;
  follow(sessionId: string, anew?: number): Promise<void>;
  login(nip: string): Promise<void>;
  invoiceReceipt(invoiceId: string): Promise<void>;
  confirmation(invoiceId: string): Promise<void>;
  authSessions(nip: string): Promise<void>;
  webhook(webhookId: string): Promise<void>;
}

/** One file of a package, as the ledger keeps it. */
export interface PackedInvoice {
  readonly name: string;
  /** Raw deflate of the original bytes. */
  readonly deflated: Buffer;
  /** Of the original bytes. */
  readonly sizeBytes: number;
  /** Of the original bytes; null where it is not known. */
  readonly crc32: number | null;
  /** SHA-256 of the original bytes, base64. */
  readonly sha256: string;
}

export interface Packager {
  /** @throws PayloadDamaged for an entry that is seen not to be what was taken in (a Zip is not unpacked to see it). */
  build(input: {
    entries: AsyncIterable<PackedInvoice>;
    compression: 'TarGz' | 'Zip';
    key: Buffer;
    iv: Buffer;
    signal?: AbortSignal;
  }): Promise<BuiltPackage>;
  encryptInvoice(
    plain: Uint8Array,
    key: { key: Buffer; iv: Buffer },
  ): { encrypted: Buffer; sha256: string; sizeBytes: number; encryptedSha256: string };
}

export interface BuiltPackage {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly parts: readonly { ordinal: number; sizeBytes: number; sha256: string }[];
  open(ordinal: number): NodeJS.ReadableStream;
  dispose(): Promise<void>;
}

/** KSeF's status service; a reading that fails throws. */
export interface LatarniaSource {
  read(): Promise<LatarniaReading>;
}

export interface World {
  readonly ledger: Ledger;
  readonly ksef: Ksef;
  readonly packager: Packager;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly emit: EmitEvent;
  /** Makes a piece of work known to logs and traces. */
  readonly observe: Observe;
  /** Who this process is in leases: unique for each start. */
  readonly owner: string;
  readonly compression: 'TarGz' | 'Zip';
  /** Null where none is read. */
  readonly latarnia: LatarniaSource | null;
  readonly webhooks: WebhookSender;
  /** Of small sessions before large work, in all of this process. */
  readonly rightOfWay: RightOfWay;
}
