import { createSecretKey } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { unauthorized } from '../http/errors.ts';
import type { TokenKind } from '../http/operation.ts';
import type { Clock, RandomBytes } from '../options.ts';
import type { Caller } from './caller.ts';

export type IssuedToken = { token: string; validUntil: Date };

/** Makes and reads the JWTs of the login: KSeF's own kinds, lifetimes and claims. */
export type TokenMint = {
  issue(kind: TokenKind, caller: Caller): Promise<IssuedToken>;
  /** The caller behind a bearer token of one of the kinds, or a 401. */
  read(token: string, kinds: readonly TokenKind[]): Promise<Caller>;
};

const MINUTE_MS = 60_000;
const lifetimesMs: Record<TokenKind, number> = {
  AuthenticationToken: 45 * MINUTE_MS,
  AccessToken: 15 * MINUTE_MS,
  RefreshToken: 7 * 24 * 60 * MINUTE_MS,
};

const ISSUER = 'ksef-emulator';
const claimNames: Record<TokenKind, string> = {
  AuthenticationToken: 'OperationToken',
  AccessToken: 'ContextToken',
  RefreshToken: 'RefreshToken',
};

const claimsSchema = z.object({
  typ: z.string(),
  tid: z.string(),
  tor: z.string(),
  doc: z.string(),
  sit: z.enum(['Nip', 'Pesel', 'Fingerprint']),
  siv: z.string(),
  sub: z.string(),
  cit: z.enum(['Nip', 'InternalId', 'NipVatUe', 'PeppolId']),
  civ: z.string(),
  per: z.array(z.string()),
});

export function createTokenMint(secret: Buffer, clock: Clock, randomBytes: RandomBytes): TokenMint {
  // Of bytes a key would be made anew for each token.
  const key = createSecretKey(secret);

  async function issue(kind: TokenKind, caller: Caller): Promise<IssuedToken> {
    const nowMs = clock().getTime();
    const validUntil = new Date(nowMs + lifetimesMs[kind]);
    const token = await new SignJWT(claimsOf(kind, caller))
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(caller.subject)
      .setJti(randomBytes(8).toString('hex'))
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(Math.floor(validUntil.getTime() / 1000))
      .sign(key);
    return { token, validUntil };
  }

  async function read(token: string, kinds: readonly TokenKind[]): Promise<Caller> {
    const claims = await verified(token);
    if (!kinds.some((kind) => claimNames[kind] === claims.typ)) throw unauthorized();
    return {
      context: { type: claims.cit, value: claims.civ },
      subject: claims.sub,
      identifier: { type: claims.sit, value: claims.siv },
      tokenReference: claims.tor,
      documentHash: claims.doc,
      permissions: claims.per,
      loginReference: claims.tid,
    };
  }

  async function verified(token: string): Promise<z.infer<typeof claimsSchema>> {
    try {
      const { payload } = await jwtVerify(token, key, { issuer: ISSUER, currentDate: clock() });
      return claimsSchema.parse(payload);
    } catch {
      throw unauthorized();
    }
  }

  return { issue, read };
}

function claimsOf(kind: TokenKind, caller: Caller): Record<string, unknown> {
  return {
    typ: claimNames[kind],
    tid: caller.loginReference,
    tor: caller.tokenReference,
    doc: caller.documentHash,
    sit: caller.identifier.type,
    siv: caller.identifier.value,
    cit: caller.context.type,
    civ: caller.context.value,
    aut: caller.documentHash === '' ? 'Token' : 'Signature',
    per: caller.permissions,
  };
}
