/** Can this seller send? Its credentials, a login with them as sending would make it, what that login may do, the limits. */
import {
  type Credential,
  KsefFault,
  LimitReached,
  type LoginTokens,
  namesOf,
  recommendedMissing,
  sendingForbidden,
} from '@wsad/domain';
import type { KsefClient } from '@wsad/ksef';
import type { PostgresLedger, SellerStatus } from '@wsad/ledger';
import { type Finding, good, problem, unknown, warning, wordsOf } from '../finding.ts';
import { examineLimits } from './limits.ts';

export async function examineSeller(
  nip: string,
  ledger: PostgresLedger,
  ksef: KsefClient,
  clock: () => Date,
): Promise<Finding[]> {
  const status = await ledger.sellerStatus(nip, clock());
  const credential = status === null ? null : await ledger.credentialOf(nip);
  if (status === null || credential === null) return withoutCredentials(nip, status);
  const login = await logIn(nip, ksef, credential);
  const has = `${status.credentials === 'shared' ? 'shared credentials' : 'credentials of its own'} (${credential.type})`;
  return [
    good('credentials', `seller ${nip} has ${has}`),
    ...('finding' in login
      ? [login.finding, unknown('permissions', 'there is no login'), unknown('limits', 'there is no login')]
      : [
          good('login', `KSeF lets the seller in; good until ${login.tokens.refreshUntil.toISOString()}`),
          permissionsFinding(login.tokens),
          await examineLimits(nip, ksef, login.tokens.accessToken, status),
        ]),
    ...workFindings(nip, status),
  ];
}

function withoutCredentials(nip: string, status: SellerStatus | null): Finding[] {
  const says = status === null ? `seller ${nip} is not known here` : `seller ${nip} has no credentials`;
  const mend = `Put them with PUT /v1/sellers/${nip}/credentials; what was accepted for this seller goes by itself then.`;
  return [
    problem('credentials', says, mend),
    unknown('login', 'there are no credentials to log in with'),
    unknown('permissions', 'there is no login'),
    unknown('limits', 'there is no login'),
  ];
}

async function logIn(
  nip: string,
  ksef: KsefClient,
  credential: Credential,
): Promise<{ tokens: LoginTokens } | { finding: Finding }> {
  try {
    return { tokens: await ksef.login(nip, credential) };
  } catch (error) {
    return { finding: loginFinding(nip, error) };
  }
}

function loginFinding(nip: string, error: unknown): Finding {
  if (error instanceof LimitReached)
    return unknown(
      'login',
      `as many logins as KSeF allows are under way: try again after ${error.at.toISOString()}`,
    );
  if (!(error instanceof KsefFault) || error.treatment !== 'hold-login') {
    const mend =
      'It is expected to pass: run the doctor again in a minute, and look at the findings about KSeF above.';
    return problem('login', `the login did not succeed: ${wordsOf(error)}`, mend);
  }
  const { code, description, details } = error.fault;
  const words = [`${code ?? ''} ${description}`.trim(), ...details].join('; ');
  const blocked = code === 480;
  const says = `KSeF ${blocked ? 'blocked this context' : 'refused the login'}: ${words}`;
  const put = `put good credentials with PUT /v1/sellers/${nip}/credentials`;
  return problem(
    'login',
    says,
    blocked
      ? `Clear it up with KSeF, then ${put}.`
      : `In KSeF, check the token or certificate and its permissions for ${nip}; then ${put}.`,
  );
}

function permissionsFinding({ permissions }: LoginTokens): Finding {
  // A token that tells nothing is no reason to stop: KSeF itself says no where it must.
  if (permissions === null) return good('permissions', 'the login does not tell its permissions');
  const list = namesOf(permissions);
  if (sendingForbidden(permissions) !== null)
    return problem(
      'permissions',
      `this login may not send invoices: it has ${list}`,
      'In KSeF, give it the permission to issue invoices (InvoiceWrite), or put other credentials.',
    );
  const missing = recommendedMissing(permissions);
  if (missing.length === 0) return good('permissions', `may send (${list})`);
  return warning(
    'permissions',
    `may send (${list}), but lacks ${missing.join(' and ')}`,
    'Recommended: without InvoiceRead duplicates cannot be told apart, without Introspection sessions of other credentials cannot be read.',
  );
}

function workFindings(nip: string, status: SellerStatus): Finding[] {
  const { paused, systemPaused, held, pending } = status;
  const findings: Finding[] = [];
  if (systemPaused)
    findings.push(problem('work', 'sending is paused for all sellers', 'Resume it: POST /v1/resume.'));
  if (paused)
    findings.push(
      problem('work', 'sending is paused for this seller', `Resume it: POST /v1/sellers/${nip}/resume.`),
    );
  if (held > 0)
    findings.push(
      warning(
        'work',
        `${held} invoice(s) are held`,
        `GET /v1/invoices?nip=${nip}&state=held says why, and what to do.`,
      ),
    );
  return [...findings, good('work', `${pending} invoice(s) are on their way`)];
}
