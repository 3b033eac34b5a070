export type ContextType = 'Nip' | 'InternalId' | 'NipVatUe' | 'PeppolId';

/** The party a call acts for. */
export type ContextIdentifier = { type: ContextType; value: string };

/** Whoever a certificate or a KSeF token speaks for. */
export type SubjectIdentifier = { type: 'Nip' | 'Pesel' | 'Fingerprint'; value: string };

/** Who makes a call, as its token tells. */
export type Caller = {
  context: ContextIdentifier;
  /** The credential behind the token: sessions belong to it. */
  subject: string;
  /** The person or firm behind the credential; of a KSeF token, whoever had it made. */
  identifier: SubjectIdentifier;
  /** Reference number of the KSeF token used to log in, empty after a login by signature; receipts name it. */
  tokenReference: string;
  /** SHA-256 of the signed document of a login by signature, base64, empty after one by token; receipts name it. */
  documentHash: string;
  permissions: readonly string[];
  loginReference: string;
};

export function contextKey(context: ContextIdentifier): string {
  return `${context.type}:${context.value}`;
}

export function isSameSubject(one: SubjectIdentifier, other: SubjectIdentifier): boolean {
  return one.type === other.type && one.value === other.value;
}

/** The NIP inside a context: its whole value, or the part before the first hyphen. */
export function contextNip(context: ContextIdentifier): string | null {
  if (context.type === 'PeppolId') return null;
  return context.value.split('-')[0] ?? null;
}

export function mayReadAllSessions(caller: Caller): boolean {
  return caller.permissions.some((permission) => permission === 'Owner' || permission === 'Introspection');
}

/** The context's owner may do everything. */
export function holdsAnyOf(caller: Caller, wanted: readonly string[]): boolean {
  return caller.permissions.some((permission) => permission === 'Owner' || wanted.includes(permission));
}
