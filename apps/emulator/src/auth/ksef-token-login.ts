import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badRequest } from '../http/errors.ts';
import { parseInput } from '../http/input.ts';
import type { Answer, Call } from '../http/operation.ts';
import type { World } from '../world.ts';
import { beginLogin, blockedLogin, type Judgement, refusedLogin } from './begin-login.ts';
import { type ContextIdentifier, contextKey } from './caller.ts';
import { contextSchema } from './context-schema.ts';
import type { Challenge } from './logins.ts';

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

  return beginLogin(world, request.contextIdentifier, 'Token', judge(world, request, challenge));
}

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
  if (world.testdata.blockedContexts.has(contextKey(context))) return blockedLogin;
  const verdict = world.ksefTokens.judge(token, context);
  if (!verdict.good) return refused(verdict.detail);
  const subject = createHash('sha256').update(token).digest('hex').slice(0, 32);
  const { reference: tokenReference, author: identifier, permissions } = verdict;
  return {
    status: { code: 200 },
    identity: { subject, identifier, tokenReference, documentHash: '', permissions },
  };
}

function refused(detail: string): Judgement {
  return refusedLogin(450, detail);
}
