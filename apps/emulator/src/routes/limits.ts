import { contextNip } from '../auth/caller.ts';
import { type Answer, json, type Operation, type ProtectedCall } from '../http/operation.ts';
import { utcTimestamp } from '../warsaw.ts';

/** Published keys, limits in force, consent to attachments. */
export const limitOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/security/public-key-certificates',
    access: 'open',
    group: 'auth',
    handle: ({ world }) => json(200, world.keys.published().map(describeKey)),
  },
  {
    method: 'GET',
    path: '/rate-limits',
    access: ['AccessToken'],
    group: 'other',
    handle: rateLimits,
  },
  {
    method: 'GET',
    path: '/limits/context',
    access: ['AccessToken'],
    group: 'other',
    handle: contextLimits,
  },
  {
    method: 'GET',
    path: '/permissions/attachments/status',
    access: ['AccessToken'],
    anyPermission: ['CredentialsManage', 'CredentialsRead'],
    group: 'other',
    handle: attachmentStatus,
  },
];

function describeKey(key: {
  certificate: string;
  certificateId: string;
  publicKeyId: string;
  validFrom: Date;
  validTo: Date;
  usage: string;
}): Record<string, unknown> {
  return {
    certificate: key.certificate,
    certificateId: key.certificateId,
    publicKeyId: key.publicKeyId,
    validFrom: utcTimestamp(key.validFrom),
    validTo: utcTimestamp(key.validTo),
    usage: [key.usage],
  };
}

function rateLimits({ world, caller }: ProtectedCall): Answer {
  return json(200, world.limiter.limitsOf(caller.context));
}

function contextLimits({ world, caller }: ProtectedCall): Answer {
  return json(200, world.testdata.sessionLimits(caller.context));
}

function attachmentStatus({ world, caller }: ProtectedCall): Answer {
  const nip = contextNip(caller.context);
  const isAttachmentAllowed = nip !== null && world.testdata.attachmentConsents.has(nip);
  return json(200, { isAttachmentAllowed, revokedDate: null });
}
