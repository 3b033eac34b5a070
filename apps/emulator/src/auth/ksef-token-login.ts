import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badRequest } from '../http/errors.ts';
import { parseInput } from '../http/input.ts';
import { type Answer, type Call, json } from '../http/operation.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';
import { type Caller, type ContextIdentifier, contextKey } from './caller.ts';
import { contextSchema } from './context-schema.ts';
import type { Challenge, Login, LoginStatus } from './logins.ts';

const requestSchema = z.object({
  challenge: z.string().length(36),
  contextIdentifier: contextSchema,
  encryptedToken: z.base64(),
  publicKeyId: z.string().length(44).nullish(),
});

type TokenLoginRequest = z.infer<typeof requestSchema>;

/** `POST /auth/ksef-token`: what is wrong with the request is a 400, what is wrong with the token a status 450. */
export async function loginWithKsefToken({ world, body }: Call): Promise<Answer> {
  const request = parseInput(requestSchema, body);
  world.keys.require(request.publicKeyId, 'KsefTokenEncryption');
  const challenge = world.logins.consume(request.challenge);
  if (challenge === null) throw badRequest(21111);

  const context = request.contextIdentifier;
  const judged = judge(world, request, challenge);
  const caller: Caller = { ...judged.identity, context, loginReference: world.references('AU') };
  world.logins.add(newLogin(world, caller, judged.status));
  const issued = await world.mint.issue('AuthenticationToken', caller);
  return json(202, {
    referenceNumber: caller.loginReference,
    authenticationToken: { token: issued.token, validUntil: utcTimestamp(issued.validUntil) },
  });
}

type Identity = Pick<Caller, 'subject' | 'tokenReference' | 'permissions'>;
type Judgement = { status: LoginStatus; identity: Identity };

const nobody: Identity = { subject: 'nobody', tokenReference: '', permissions: [] };

function judge(world: World, request: TokenLoginRequest, challenge: Challenge): Judgement {
  const encrypted = Buffer.from(request.encryptedToken, 'base64');
  const plain = world.keys.decrypt('KsefTokenEncryption', encrypted, request.publicKeyId);
  if (plain === null) return refused('Nieprawidłowe szyfrowanie tokena');

  const text = plain.toString('utf8');
  const cut = text.lastIndexOf('|');
  if (cut < 1) return refused('Nieprawidłowe kodowanie tokena');
  if (text.slice(cut + 1) !== String(challenge.timestampMs)) return refused('Nieprawidłowy czas tokena');
  return judgeToken(world, text.slice(0, cut), request.contextIdentifier);
}

function judgeToken(world: World, token: string, context: ContextIdentifier): Judgement {
  if (world.testdata.blockedContexts.has(contextKey(context))) {
    return { status: { code: 480, details: ['Podejrzenie incydentu bezpieczeństwa.'] }, identity: nobody };
  }
  const verdict = world.ksefTokens.judge(token, context);
  if (!verdict.good) return refused(verdict.detail);
  const subject = createHash('sha256').update(token).digest('hex').slice(0, 32);
  const { reference: tokenReference, permissions } = verdict;
  return { status: { code: 200 }, identity: { subject, tokenReference, permissions } };
}

function refused(detail: string): Judgement {
  return { status: { code: 450, details: [detail] }, identity: nobody };
}

function newLogin(world: World, caller: Caller, verdict: LoginStatus): Login {
  return {
    referenceNumber: caller.loginReference,
    context: caller.context,
    startedAt: world.clock(),
    verdict,
    caller,
    pollsLeft: world.pace.loginPolls,
    redeemed: false,
    revoked: false,
    lastRefreshAt: null,
    refreshValidUntil: null,
  };
}
