import { type ContextIdentifier, contextKey } from './auth/caller.ts';

export type SessionLimits = {
  maxInvoiceSizeInMB: number;
  maxInvoiceWithAttachmentSizeInMB: number;
  maxInvoices: number;
};

export type ContextLimits = { onlineSession: SessionLimits; batchSession: SessionLimits };

const productionLimits: SessionLimits = {
  maxInvoiceSizeInMB: 1,
  maxInvoiceWithAttachmentSizeInMB: 3,
  maxInvoices: 10_000,
};

/** What `/testdata` has arranged: consents, grants, blocks and session limits. */
export type Testdata = {
  attachmentConsents: Set<string>;
  /** Grants to send for a seller: `sellerNip>issuerNip`. */
  sendingGrants: Set<string>;
  blockedContexts: Set<string>;
  sessionLimits(context: ContextIdentifier): ContextLimits;
  overrideSessionLimits(context: ContextIdentifier, limits: ContextLimits | null): void;
};

export function createTestdata(): Testdata {
  const overrides = new Map<string, ContextLimits>();
  const defaults = { onlineSession: productionLimits, batchSession: productionLimits };
  return {
    attachmentConsents: new Set(),
    sendingGrants: new Set(),
    blockedContexts: new Set(),
    sessionLimits: (context) => overrides.get(contextKey(context)) ?? defaults,
    overrideSessionLimits(context, limits) {
      if (limits === null) overrides.delete(contextKey(context));
      else overrides.set(contextKey(context), limits);
    },
  };
}

export function sendingGrant(sellerNip: string, issuerNip: string): string {
  return `${sellerNip}>${issuerNip}`;
}
