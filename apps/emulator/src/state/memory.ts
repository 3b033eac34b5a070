/** All an emulator knows that outlives a restart where its state is kept: the stores work on it and hold no other. */
import type { KsefToken } from '../auth/ksef-tokens.ts';
import type { Challenge, Login } from '../auth/logins.ts';
import type { AuthorityKeys } from '../keys/authority.ts';
import type { HeldKey } from '../keys/key-ring.ts';
import type { RateLimits } from '../limits/groups.ts';
import type { RandomBytes } from '../options.ts';
import { freshSerial } from '../processing/ksef-number.ts';
import type { RegisteredInvoice } from '../processing/registry.ts';
import type { InvoiceExport } from '../retrieval/exports.ts';
import type { Session } from '../sessions/model.ts';
import { freshTestdata, type TestdataMemory } from '../testdata.ts';

/** Whatever is added here is kept, as a whole unless changes.ts knows its entries. */
export type Memory = TestdataMemory & {
  /** What login tokens and storage addresses are signed with. */
  secrets: { tokens: Buffer; addresses: Buffer };
  /** Made by whoever needs it first. */
  authority: AuthorityKeys | null;
  keys: HeldKey[];
  /** Of the KSeF number given last. */
  ksefSerial: number;
  challenges: Map<string, Challenge>;
  /** By reference number, as sessions and exports are. */
  logins: Map<string, Login>;
  /** By their texts. */
  ksefTokens: Map<string, KsefToken>;
  sessions: Map<string, Session>;
  /** Accepted invoices in their order; nothing is ever taken out. */
  registered: RegisteredInvoice[];
  /** Hashes of invoices that a technical correction has replaced. */
  corrected: Set<string>;
  exports: Map<string, InvoiceExport>;
  /** Limits on calls to order, by context. */
  rateLimits: Map<string, RateLimits>;
};

export function freshMemory(randomBytes: RandomBytes): Memory {
  return {
    ...freshTestdata(),
    secrets: { tokens: randomBytes(32), addresses: randomBytes(32) },
    authority: null,
    keys: [],
    ksefSerial: freshSerial(randomBytes),
    challenges: new Map(),
    logins: new Map(),
    ksefTokens: new Map(),
    sessions: new Map(),
    registered: [],
    corrected: new Set(),
    exports: new Map(),
    rateLimits: new Map(),
  };
}
