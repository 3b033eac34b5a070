/**
 * What wsad reads of KSeF's answers. Fields that it does not know are fine and fields that it needs are required.
 * Source: open-api 2.7.0.
 */
import { z } from 'zod';

/** Times come with seven decimals and an offset; one without an offset is UTC. */
const instant = z.string().transform((text, context) => {
  const at = new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  if (!Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

const reference = z.string().min(1).max(200);
const status = z.looseObject({
  code: z.int(),
  description: z.string().catch(''),
  details: z.array(z.string()).nullish().catch(null),
});

export const challengeAnswer = z.looseObject({
  challenge: z.string().min(1),
  timestampMs: z.int().positive(),
});

export const tokenInfo = z.looseObject({
  token: z.string().min(1),
  /** Where it is missing the token's own `exp` says until when. */
  validUntil: instant.nullish().catch(null),
});
export type TokenInfo = z.infer<typeof tokenInfo>;

export const loginAnswer = z.looseObject({
  referenceNumber: reference,
  authenticationToken: z.looseObject({ token: z.string().min(1) }),
});
export const loginStatusAnswer = z.looseObject({ status });
export const tokensAnswer = z.looseObject({ accessToken: tokenInfo, refreshToken: tokenInfo });
export const refreshAnswer = z.looseObject({ accessToken: tokenInfo });

export const publicKeysAnswer = z.array(
  z.looseObject({
    certificate: z.string().min(1),
    publicKeyId: z.string().min(1),
    validFrom: instant,
    validTo: instant,
    usage: z.array(z.string()),
  }),
);

/** A header without a value is no header. */
const headers = z
  .record(z.string(), z.string().nullable())
  .transform((given) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
  );

export const openBatchAnswer = z.looseObject({
  referenceNumber: reference,
  partUploadRequests: z.array(
    z.looseObject({
      ordinalNumber: z.int(),
      method: z.string().regex(/^[A-Z]{1,20}$/),
      url: z.url(),
      headers,
    }),
  ),
});

export const openOnlineAnswer = z.looseObject({ referenceNumber: reference, validUntil: instant });
export const sendInvoiceAnswer = z.looseObject({ referenceNumber: reference });

export const sessionsAnswer = z.looseObject({
  continuationToken: z.string().nullish(),
  sessions: z.array(
    z.looseObject({
      referenceNumber: reference,
      status,
      dateCreated: instant,
      dateUpdated: instant,
      totalInvoiceCount: z.int().nonnegative(),
      successfulInvoiceCount: z.int().nonnegative(),
      failedInvoiceCount: z.int().nonnegative(),
    }),
  ),
});

const count = z.int().nonnegative().nullish();
export const sessionStatusAnswer = z.looseObject({
  status,
  invoiceCount: count,
  successfulInvoiceCount: count,
  failedInvoiceCount: count,
  upo: z
    .looseObject({ pages: z.array(z.looseObject({ referenceNumber: reference, downloadUrl: z.url() })) })
    .nullish(),
});

const text = z.string().nullish();
export const sessionInvoicesAnswer = z.looseObject({
  continuationToken: text,
  invoices: z.array(
    z.looseObject({
      ordinalNumber: z.int(),
      referenceNumber: reference,
      invoiceHash: text,
      ksefNumber: text,
      invoiceFileName: text,
      invoicingMode: text,
      acquisitionDate: instant.nullish(),
      status: status.extend({ extensions: z.record(z.string(), z.unknown()).nullish().catch(null) }),
    }),
  ),
});
export type ListedInvoice = z.infer<typeof sessionInvoicesAnswer>['invoices'][number];

const perWindow = z.int().nonnegative().nullish();
/** Groups are data: whatever names calls per window is a group, anything else is passed over. */
export const rateLimitsAnswer = z.record(
  z.string(),
  z.looseObject({ perSecond: perWindow, perMinute: perWindow, perHour: perWindow }).nullable().catch(null),
);

export const authSessionsAnswer = z.looseObject({
  items: z.array(
    z.looseObject({
      referenceNumber: reference,
      isCurrent: z.boolean().catch(false),
      startDate: instant,
      authenticationMethodInfo: z.looseObject({ code: z.string().catch('') }).catch({ code: '' }),
      status,
      refreshTokenValidUntil: instant.nullish().catch(null),
    }),
  ),
  continuationToken: z.string().nullish(),
});

export const attachmentConsentAnswer = z.looseObject({
  isAttachmentAllowed: z.boolean(),
  revokedDate: instant.nullish().catch(null),
});

/** The three shapes in which KSeF words an error; read leniently, because a bad error is still an error. */
const worded = z.looseObject({
  code: z.int().optional().catch(undefined),
  exceptionCode: z.int().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  exceptionDescription: z.string().optional().catch(undefined),
  details: z.array(z.string()).optional().catch(undefined),
});
export const errorAnswer = z.looseObject({
  exception: z
    .looseObject({ exceptionDetailList: z.array(worded) })
    .optional()
    .catch(undefined),
  errors: z.array(worded).optional().catch(undefined),
  status: worded.optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  reasonCode: z.string().optional().catch(undefined),
  security: z
    .looseObject({ requiredAnyOfPermissions: z.array(z.string()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;
export type WordedError = z.infer<typeof worded>;
