import { type ContextIdentifier, contextKey, type SubjectIdentifier } from './auth/caller.ts';

export type SessionLimits = {
  maxInvoiceSizeInMB: number;
  maxInvoiceWithAttachmentSizeInMB: number;
  maxInvoices: number;
};

export type ContextLimits = { onlineSession: SessionLimits; batchSession: SessionLimits };

const productionLimits: SessionLimits = {
  maxInvoiceSizeInMB: 1,
  maxInvoiceWithAttachmentSizeInMB: 3,
  maxInvoices: 10_000,
};

export type SubjectLimits = {
  enrollment: { maxEnrollments: number };
  certificate: { maxCertificates: number };
};

/** What is left out or null stays at its default. */
export type SubjectLimitsWish = {
  enrollment?: { maxEnrollments?: number | null | undefined } | null | undefined;
  certificate?: { maxCertificates?: number | null | undefined } | null | undefined;
};

const ENROLLMENTS_MAX = 300;
const CERTIFICATES_MAX = 100;

/** A person of the test environment; with a company of their own they own its NIP. */
export type TestPerson = { nip: string; pesel: string; isDeceased: boolean };

/** What `/testdata` has arranged: consents, grants, persons, blocks and session limits. */
export type Testdata = {
  attachmentConsents: Set<string>;
  blockedContexts: Set<string>;
  grant(context: ContextIdentifier, to: SubjectIdentifier, permissions: readonly string[]): void;
  revoke(context: ContextIdentifier, from: SubjectIdentifier): void;
  /** What somebody may do in a context that is not their own. */
  permissionsOf(context: ContextIdentifier, subject: SubjectIdentifier): readonly string[];
  /** Firms and units by NIP, each with the NIP of its group (its own where it is the group). */
  subjects: Map<string, string>;
  /** Persons by NIP. */
  persons: Map<string, TestPerson>;
  owns(subject: SubjectIdentifier, nip: string): boolean;
  isDeceased(subject: SubjectIdentifier): boolean;
  subjectLimits(subject: SubjectIdentifier): SubjectLimits;
  overrideSubjectLimits(subject: SubjectIdentifier, wish: SubjectLimitsWish): void;
  sessionLimits(context: ContextIdentifier): ContextLimits;
  overrideSessionLimits(context: ContextIdentifier, limits: ContextLimits | null): void;
};

/** What the answers come from. */
export type TestdataMemory = Pick<
  Testdata,
  'attachmentConsents' | 'blockedContexts' | 'subjects' | 'persons'
> & {
  /** Permissions by context and subject. */
  grants: Map<string, readonly string[]>;
  /** Wishes by subject. */
  certificateLimits: Map<string, SubjectLimitsWish>;
  /** By context. */
  contextLimits: Map<string, ContextLimits>;
};

export function freshTestdata(): TestdataMemory {
  return {
    attachmentConsents: new Set(),
    blockedContexts: new Set(),
    subjects: new Map(),
    persons: new Map(),
    grants: new Map(),
    certificateLimits: new Map(),
    contextLimits: new Map(),
  };
}

export function createTestdata(memory: TestdataMemory): Testdata {
  const { grants, persons, certificateLimits: wishes, contextLimits: overrides } = memory;
  const defaults = { onlineSession: productionLimits, batchSession: productionLimits };

  const isThem = ({ type, value }: SubjectIdentifier, { nip, pesel }: TestPerson): boolean =>
    (type === 'Nip' && value === nip) || (type === 'Pesel' && value === pesel);

  return {
    attachmentConsents: memory.attachmentConsents,
    blockedContexts: memory.blockedContexts,
    grant(context, to, permissions) {
      const key = grantKey(context, to);
      grants.set(key, [...new Set([...(grants.get(key) ?? []), ...permissions])]);
    },
    revoke: (context, from) => void grants.delete(grantKey(context, from)),
    permissionsOf: (context, subject) => grants.get(grantKey(context, subject)) ?? [],
    subjects: memory.subjects,
    persons,
    owns(subject, nip) {
      if (subject.type === 'Nip' && subject.value === nip) return true;
      const owner = persons.get(nip);
      return owner !== undefined && isThem(subject, owner);
    },
    isDeceased: (subject) => [...persons.values()].some((one) => one.isDeceased && isThem(subject, one)),
    subjectLimits(subject) {
      const { enrollment, certificate } = wishes.get(subjectKey(subject)) ?? {};
      return {
        enrollment: { maxEnrollments: enrollment?.maxEnrollments ?? ENROLLMENTS_MAX },
        certificate: { maxCertificates: certificate?.maxCertificates ?? CERTIFICATES_MAX },
      };
    },
    overrideSubjectLimits: (subject, wish) => void wishes.set(subjectKey(subject), wish),
    sessionLimits: (context) => overrides.get(contextKey(context)) ?? defaults,
    overrideSessionLimits(context, limits) {
      if (limits === null) overrides.delete(contextKey(context));
      else overrides.set(contextKey(context), limits);
    },
  };
}

function subjectKey({ type, value }: SubjectIdentifier): string {
  return `${type}:${value}`;
}

function grantKey(context: ContextIdentifier, subject: SubjectIdentifier): string {
  return `${contextKey(context)}>${subjectKey(subject)}`;
}
