import { type Answer, json } from '../http/operation.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';
import type { Caller, ContextIdentifier } from './caller.ts';
import type { LoginMethod, LoginStatus } from './logins.ts';

/** What a login comes to: its status, and who the caller is where it is good. */
export type Judgement = { status: LoginStatus; identity: Identity };

export type Identity = Omit<Caller, 'context' | 'loginReference'>;

const nobody: Identity = {
  subject: 'nobody',
  identifier: { type: 'Nip', value: '' },
  tokenReference: '',
  documentHash: '',
  permissions: [],
};

export function refusedLogin(code: 415 | 450 | 460 | 470 | 480, detail: string): Judgement {
  return { status: { code, details: [detail] }, identity: nobody };
}

export const blockedLogin: Judgement = refusedLogin(480, 'Podejrzenie incydentu bezpieczeństwa.');

/** Books a judged login; whoever asked learns the verdict from its status. */
export async function beginLogin(
  world: World,
  context: ContextIdentifier,
  method: LoginMethod,
  judged: Judgement,
): Promise<Answer> {
  const caller: Caller = { ...judged.identity, context, loginReference: world.references('AU') };
  world.logins.add({
    referenceNumber: caller.loginReference,
    context,
    method,
    startedAt: world.clock(),
    verdict: judged.status,
    caller,
    pollsLeft: world.pace.loginPolls,
    redeemed: false,
    revoked: false,
    lastRefreshAt: null,
    refreshValidUntil: null,
  });
  const issued = await world.mint.issue('AuthenticationToken', caller);
  return json(202, {
    referenceNumber: caller.loginReference,
    authenticationToken: { token: issued.token, validUntil: utcTimestamp(issued.validUntil) },
  });
}
