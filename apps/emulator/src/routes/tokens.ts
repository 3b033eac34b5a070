import { z } from 'zod';
import type { KsefToken } from '../auth/ksef-tokens.ts';
import { badRequest } from '../http/errors.ts';
import { pageOf, pageSizeOf, parseInput } from '../http/input.ts';
import { type Answer, json, noContent, type Operation, type ProtectedCall } from '../http/operation.ts';
import { utcTimestamp } from '../warsaw.ts';

export const tokenPermissions = [
  'InvoiceRead',
  'InvoiceWrite',
  'CredentialsRead',
  'CredentialsManage',
  'SubunitManage',
  'EnforcementOperations',
  'Introspection',
  'CollectiveIdentifierManage',
] as const;

const requestSchema = z.object({
  permissions: z.array(z.enum(tokenPermissions)),
  description: z.string().min(5).max(256),
});

/** KSeF tokens: made, listed, revoked. */
export const tokenOperations: readonly Operation[] = [
  { method: 'POST', path: '/tokens', access: ['AccessToken'], group: 'other', handle: create },
  { method: 'GET', path: '/tokens', access: ['AccessToken'], group: 'other', handle: list },
  { method: 'GET', path: '/tokens/{referenceNumber}', access: ['AccessToken'], group: 'other', handle: show },
  {
    method: 'DELETE',
    path: '/tokens/{referenceNumber}',
    access: ['AccessToken'],
    group: 'other',
    handle: revoke,
  },
];

function create({ world, caller, body }: ProtectedCall): Answer {
  const { permissions, description } = parseInput(requestSchema, body);
  if (caller.context.type !== 'Nip' && caller.context.type !== 'InternalId') {
    throw badRequest(26002, `${caller.context.type}; dozwolone: Nip, InternalId`);
  }
  const mayGrantAny =
    caller.permissions.includes('CredentialsManage') || caller.permissions.includes('Owner');
  const lacking = mayGrantAny ? [] : permissions.filter((wanted) => !caller.permissions.includes(wanted));
  if (lacking.length > 0) throw badRequest(26001, lacking.join(', '));
  const made = world.ksefTokens.create(caller.context, permissions, description);
  return json(202, { referenceNumber: made.referenceNumber, token: made.token });
}

function list({ world, caller, query, request }: ProtectedCall): Answer {
  const statuses = query.getAll('status');
  const tokens = visibleTokens({ world, caller }).filter(
    (token) => statuses.length === 0 || statuses.includes(statusOf(token, world.clock())),
  );
  const pageSize = pageSizeOf(query, 100);
  const continuation = request.headers['x-continuation-token'];
  const { page, continuationToken } = pageOf(tokens, `tokens ${caller.subject}`, pageSize, continuation);
  return json(200, { continuationToken, tokens: page.map((token) => describe(token, world.clock())) });
}

function show(call: ProtectedCall): Answer {
  return json(200, describe(requestedToken(call), call.world.clock()));
}

function revoke(call: ProtectedCall): Answer {
  requestedToken(call).revoked = true;
  return noContent;
}

function requestedToken(call: ProtectedCall): KsefToken {
  const referenceNumber = call.param('referenceNumber');
  const token = visibleTokens(call).find((visible) => visible.referenceNumber === referenceNumber);
  if (token === undefined) throw badRequest(21405, `Token ${referenceNumber} nie został znaleziony.`);
  return token;
}

/** Without the right to read credentials a token login sees the very token it logged in with. */
function visibleTokens({ world, caller }: Pick<ProtectedCall, 'world' | 'caller'>): KsefToken[] {
  const all = world.ksefTokens.inContext(caller.context);
  const managers = ['Owner', 'CredentialsManage', 'CredentialsRead'];
  if (caller.permissions.some((permission) => managers.includes(permission))) return all;
  return all.filter((token) => token.referenceNumber === caller.tokenReference);
}

function statusOf(token: KsefToken, now: Date): 'Pending' | 'Active' | 'Revoked' {
  if (token.revoked) return 'Revoked';
  return now < token.activeFrom ? 'Pending' : 'Active';
}

function describe(token: KsefToken, now: Date): Record<string, unknown> {
  return {
    referenceNumber: token.referenceNumber,
    authorIdentifier: { type: 'Nip', value: token.context.value.split('-')[0] },
    contextIdentifier: token.context,
    description: token.description,
    requestedPermissions: token.permissions,
    dateCreated: utcTimestamp(token.createdAt),
    lastUseDate: token.lastUsedAt && utcTimestamp(token.lastUsedAt),
    status: statusOf(token, now),
    statusDetails: null,
  };
}
