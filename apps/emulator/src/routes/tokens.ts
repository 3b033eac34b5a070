import { z } from 'zod';
import { holdsAnyOf, isSameSubject } from '../auth/caller.ts';
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

const filterSchema = z.object({
  status: z.array(z.enum(['Pending', 'Active', 'Revoking', 'Revoked', 'Failed'])),
  description: z.string().min(3).optional(),
  authorIdentifier: z.string().min(3).optional(),
  authorIdentifierType: z.enum(['Nip', 'Pesel', 'Fingerprint']).optional(),
});

type TokenFilter = z.output<typeof filterSchema>;

const managers = ['CredentialsManage'];
const readers = ['CredentialsManage', 'CredentialsRead'];

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
  const lacking = holdsAnyOf(caller, managers)
    ? []
    : permissions.filter((wanted) => !caller.permissions.includes(wanted));
  if (lacking.length > 0) throw badRequest(26001, lacking.join(', '));
  const { context, identifier: author } = caller;
  const made = world.ksefTokens.create({ context, author, permissions, description });
  return json(202, { referenceNumber: made.referenceNumber, token: made.token });
}

function list({ world, caller, query, request }: ProtectedCall): Answer {
  const given = { ...Object.fromEntries(query), status: query.getAll('status') };
  const filter = parseInput(filterSchema, given);
  const tokens = visibleTokens({ world, caller }, readers).filter((token) =>
    matches(token, filter, world.clock()),
  );
  const pageSize = pageSizeOf(query, 100);
  const continuation = request.headers['x-continuation-token'];
  const { page, continuationToken } = pageOf(tokens, `tokens ${caller.subject}`, pageSize, continuation);
  return json(200, { continuationToken, tokens: page.map((token) => describe(token, world.clock())) });
}

function show(call: ProtectedCall): Answer {
  return json(200, describe(requestedToken(call, readers), call.world.clock()));
}

function revoke(call: ProtectedCall): Answer {
  requestedToken(call, managers).revoked = true;
  return noContent;
}

function requestedToken(call: ProtectedCall, rights: readonly string[]): KsefToken {
  const referenceNumber = call.param('referenceNumber');
  const token = visibleTokens(call, rights).find((visible) => visible.referenceNumber === referenceNumber);
  if (token === undefined) throw badRequest(21405, `Token ${referenceNumber} nie został znaleziony.`);
  return token;
}

/**
 * All tokens of the context to a holder of one of the rights; to others the token they logged in with, or after a
 * login by signature those they had made.
 */
function visibleTokens(
  { world, caller }: Pick<ProtectedCall, 'world' | 'caller'>,
  rights: readonly string[],
): KsefToken[] {
  const all = world.ksefTokens.inContext(caller.context);
  if (holdsAnyOf(caller, rights)) return all;
  if (caller.tokenReference !== '') {
    return all.filter((token) => token.referenceNumber === caller.tokenReference);
  }
  return all.filter((token) => isSameSubject(token.author, caller.identifier));
}

function matches(token: KsefToken, filter: TokenFilter, now: Date): boolean {
  const { status, description = '', authorIdentifier = '', authorIdentifierType } = filter;
  return (
    (status.length === 0 || status.includes(statusOf(token, now))) &&
    contains(token.description, description) &&
    contains(token.author.value, authorIdentifier) &&
    (authorIdentifierType ?? token.author.type) === token.author.type
  );
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function statusOf(token: KsefToken, now: Date): 'Pending' | 'Active' | 'Revoked' {
  if (token.revoked) return 'Revoked';
  return now < token.activeFrom ? 'Pending' : 'Active';
}

function describe(token: KsefToken, now: Date): Record<string, unknown> {
  return {
    referenceNumber: token.referenceNumber,
    authorIdentifier: token.author,
    contextIdentifier: token.context,
    description: token.description,
    requestedPermissions: token.permissions,
    dateCreated: utcTimestamp(token.createdAt),
    lastUseDate: token.lastUsedAt && utcTimestamp(token.lastUsedAt),
    status: statusOf(token, now),
    statusDetails: null,
  };
}
