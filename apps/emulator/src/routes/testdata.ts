import { z } from 'zod';
import { contextKey } from '../auth/caller.ts';
import { contextSchema, nipSchema } from '../auth/context-schema.ts';
import { parseInput } from '../http/input.ts';
import type { Answer, Call, Operation, ProtectedCall } from '../http/operation.ts';
import { type RateLimits, rateLimits270, rateLimits280 } from '../limits/groups.ts';
import { tokenPermissions } from './tokens.ts';

const done: Answer = { status: 200 };

/** What only the test environment has: consents, grants, blocks and limits to order. */
export const testdataOperations: readonly Operation[] = [
  open('/testdata/attachment', ({ world, body }) => {
    world.testdata.attachmentConsents.add(parseInput(consentSchema(), body).nip);
  }),
  open('/testdata/attachment/revoke', ({ world, body }) => {
    world.testdata.attachmentConsents.delete(parseInput(consentSchema(), body).nip);
  }),
  open('/testdata/permissions', ({ world, body }) => {
    const { contextIdentifier, authorizedIdentifier, permissions } = parseInput(grantSchema(), body);
    const types = permissions.map(({ permissionType }) => permissionType);
    world.testdata.grant(contextIdentifier, authorizedIdentifier, types);
  }),
  open('/testdata/permissions/revoke', ({ world, body }) => {
    const { contextIdentifier, authorizedIdentifier } = parseInput(revokeSchema(), body);
    world.testdata.revoke(contextIdentifier, authorizedIdentifier);
  }),
  open('/testdata/context/block', ({ world, body }) => {
    const { contextIdentifier } = parseInput(blockSchema(), body);
    if (contextIdentifier) world.testdata.blockedContexts.add(contextKey(contextIdentifier));
  }),
  open('/testdata/context/unblock', ({ world, body }) => {
    const { contextIdentifier } = parseInput(blockSchema(), body);
    if (contextIdentifier) world.testdata.blockedContexts.delete(contextKey(contextIdentifier));
  }),
  own('POST', '/testdata/limits/context/session', ({ world, caller, body }) => {
    world.testdata.overrideSessionLimits(caller.context, parseInput(sessionLimitsSchema(), body));
  }),
  own('DELETE', '/testdata/limits/context/session', ({ world, caller }) => {
    world.testdata.overrideSessionLimits(caller.context, null);
  }),
  own('POST', '/testdata/rate-limits', ({ world, caller, body }) => {
    const { rateLimits } = parseInput(rateLimitsSchema(), body);
    world.limiter.override(caller.context, { ...world.limiter.limitsOf(caller.context), ...rateLimits });
  }),
  own('DELETE', '/testdata/rate-limits', ({ world, caller }) => {
    world.limiter.override(caller.context, null);
  }),
  own('POST', '/testdata/rate-limits/production', ({ world, caller }) => {
    world.limiter.override(caller.context, rateLimits280);
  }),
];

function open(path: string, arrange: (call: Call) => void): Operation {
  const handle = (call: Call): Answer => {
    arrange(call);
    return done;
  };
  return { method: 'POST', path, access: 'open', group: 'auth', handle };
}

function own(method: 'POST' | 'DELETE', path: string, arrange: (call: ProtectedCall) => void): Operation {
  const handle = (call: ProtectedCall): Answer => {
    arrange(call);
    return done;
  };
  return { method, path, access: ['AccessToken'], group: 'other', handle };
}

function consentSchema() {
  return z.object({ nip: nipSchema });
}

function revokeSchema() {
  return z.object({
    contextIdentifier: z.object({ type: z.literal('Nip'), value: nipSchema }),
    authorizedIdentifier: z.object({
      type: z.enum(['Nip', 'Pesel', 'Fingerprint']),
      value: z.string().min(10).max(64),
    }),
  });
}

function grantSchema() {
  const permission = z.object({
    permissionType: z.enum(tokenPermissions),
    description: z.string().min(5).max(256),
  });
  return revokeSchema().extend({ permissions: z.array(permission) });
}

function blockSchema() {
  return z.object({ contextIdentifier: contextSchema.nullish() });
}

function sessionLimitsSchema() {
  const limits = z.object({
    maxInvoiceSizeInMB: z.int().min(0).max(5),
    maxInvoiceWithAttachmentSizeInMB: z.int().min(0).max(10),
    maxInvoices: z.int().min(0).max(100_000),
  });
  return z.object({ onlineSession: limits, batchSession: limits });
}

function rateLimitsSchema() {
  const limit = z.object({ perSecond: z.int(), perMinute: z.int(), perHour: z.int() });
  const groups = Object.keys(rateLimits270);
  const complete = (given: RateLimits): boolean => groups.every((group) => given[group] !== undefined);
  return z.object({
    rateLimits: z.record(z.string(), limit).refine(complete, 'every group of limits is required'),
  });
}
