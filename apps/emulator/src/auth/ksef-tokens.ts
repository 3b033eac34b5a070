import { createHash } from 'node:crypto';
import type { Clock, RandomBytes } from '../options.ts';
import { derivedReference, type References } from '../references.ts';
import { type ContextIdentifier, contextKey, contextNip } from './caller.ts';

/** A KSeF token as `POST /tokens` made it. */
export type KsefToken = {
  referenceNumber: string;
  token: string;
  context: ContextIdentifier;
  permissions: readonly string[];
  description: string;
  createdAt: Date;
  activeFrom: Date;
  lastUsedAt: Date | null;
  revoked: boolean;
};

export type TokenVerdict =
  | { good: true; reference: string; permissions: readonly string[] }
  | { good: false; detail: string };

export type KsefTokens = {
  create(context: ContextIdentifier, permissions: readonly string[], description: string): KsefToken;
  byReference(referenceNumber: string): KsefToken | undefined;
  inContext(context: ContextIdentifier): KsefToken[];
  /** What a login with this token text comes to. */
  judge(text: string, context: ContextIdentifier): TokenVerdict;
  isRevoked(referenceNumber: string): boolean;
};

/** What a token nobody made here may do (outside strict mode). */
const defaultPermissions = ['InvoiceRead', 'InvoiceWrite', 'CredentialsRead', 'CredentialsManage'];

export type KsefTokenSettings = {
  clock: Clock;
  randomBytes: RandomBytes;
  references: References;
  strict: boolean;
  activationMs: number;
};

export function createKsefTokens(settings: KsefTokenSettings): KsefTokens {
  const { clock, randomBytes, references } = settings;
  const byText = new Map<string, KsefToken>();
  const byReferenceNumber = new Map<string, KsefToken>();

  function create(
    context: ContextIdentifier,
    permissions: readonly string[],
    description: string,
  ): KsefToken {
    const referenceNumber = references('EC');
    const createdAt = clock();
    const ksefToken: KsefToken = {
      referenceNumber,
      token: `${referenceNumber}|nip-${contextNip(context) ?? ''}|${randomBytes(32).toString('hex')}`,
      context,
      permissions,
      description,
      createdAt,
      activeFrom: new Date(createdAt.getTime() + settings.activationMs),
      lastUsedAt: null,
      revoked: false,
    };
    byText.set(ksefToken.token, ksefToken);
    byReferenceNumber.set(referenceNumber, ksefToken);
    return ksefToken;
  }

  function judge(text: string, context: ContextIdentifier): TokenVerdict {
    const known = byText.get(text);
    if (known !== undefined) return judgeKnown(known, context);
    if (settings.strict || text.startsWith('bad')) return { good: false, detail: 'Nieprawidłowy token' };
    const digest = createHash('sha256').update(text).digest();
    return { good: true, reference: derivedReference('EC', digest), permissions: defaultPermissions };
  }

  function judgeKnown(ksefToken: KsefToken, context: ContextIdentifier): TokenVerdict {
    if (ksefToken.revoked) return { good: false, detail: 'Token unieważniony' };
    if (clock() < ksefToken.activeFrom) return { good: false, detail: 'Token nieaktywny' };
    if (contextKey(ksefToken.context) !== contextKey(context)) {
      return { good: false, detail: `Token nie może być użyty w kontekście ${contextKey(context)}` };
    }
    ksefToken.lastUsedAt = clock();
    return { good: true, reference: ksefToken.referenceNumber, permissions: ksefToken.permissions };
  }

  return {
    create,
    judge,
    byReference: (referenceNumber) => byReferenceNumber.get(referenceNumber),
    inContext: (context) => {
      const here = contextKey(context);
      return [...byText.values()].filter((token) => contextKey(token.context) === here).reverse();
    },
    isRevoked: (referenceNumber) => byReferenceNumber.get(referenceNumber)?.revoked ?? false,
  };
}
