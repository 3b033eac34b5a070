import { createHash } from 'node:crypto';
import type { Clock, RandomBytes } from '../options.ts';
import { derivedReference, type References } from '../references.ts';
import { type ContextIdentifier, contextKey, contextNip, type SubjectIdentifier } from './caller.ts';

/** A KSeF token as `POST /tokens` made it. */
export type KsefToken = {
  referenceNumber: string;
  token: string;
  context: ContextIdentifier;
  /** Who had it made. */
  author: SubjectIdentifier;
  permissions: readonly string[];
  description: string;
  createdAt: Date;
  activeFrom: Date;
  lastUsedAt: Date | null;
  revoked: boolean;
};

export type TokenVerdict =
  | { good: true; reference: string; author: SubjectIdentifier; permissions: readonly string[] }
  | { good: false; detail: string };

/** What a new token is made from. */
export type TokenOrder = Pick<KsefToken, 'context' | 'author' | 'permissions' | 'description'>;

export type KsefTokens = {
  create(order: TokenOrder): KsefToken;
  byReference(referenceNumber: string): KsefToken | undefined;
  inContext(context: ContextIdentifier): KsefToken[];
  /** What a login with this token text comes to. */
  judge(text: string, context: ContextIdentifier): TokenVerdict;
  isRevoked(referenceNumber: string): boolean;
};

/** What a token nobody made here may do (outside strict mode). */
const defaultPermissions = ['InvoiceRead', 'InvoiceWrite', 'CredentialsRead', 'CredentialsManage'];

/** The firm a context belongs to, as the author of a token that nobody else asked for. */
export function ownerOf(context: ContextIdentifier): SubjectIdentifier {
  return { type: 'Nip', value: contextNip(context) ?? '' };
}

export type KsefTokenSettings = {
  clock: Clock;
  randomBytes: RandomBytes;
  references: References;
  strict: boolean;
  activationMs: number;
};

export function createKsefTokens(byText: Map<string, KsefToken>, settings: KsefTokenSettings): KsefTokens {
  const { clock, randomBytes, references } = settings;
  const byReferenceNumber = new Map([...byText.values()].map((token) => [token.referenceNumber, token]));

  function create(order: TokenOrder): KsefToken {
    const referenceNumber = references('EC');
    const createdAt = clock();
    const ksefToken: KsefToken = {
      referenceNumber,
      token: `${referenceNumber}|nip-${contextNip(order.context) ?? ''}|${randomBytes(32).toString('hex')}`,
      ...order,
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
    const author = ownerOf(context);
    return { good: true, reference: derivedReference('EC', digest), author, permissions: defaultPermissions };
  }

  function judgeKnown(ksefToken: KsefToken, context: ContextIdentifier): TokenVerdict {
    if (ksefToken.revoked) return { good: false, detail: 'Token unieważniony' };
    if (clock() < ksefToken.activeFrom) return { good: false, detail: 'Token nieaktywny' };
    if (contextKey(ksefToken.context) !== contextKey(context)) {
      return { good: false, detail: `Token nie może być użyty w kontekście ${contextKey(context)}` };
    }
    ksefToken.lastUsedAt = clock();
    const { referenceNumber: reference, author, permissions } = ksefToken;
    return { good: true, reference, author, permissions };
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
