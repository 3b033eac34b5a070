/**
 * Which of our invoices an entry of KSeF's list speaks of: the one with its hash, else the one that was sent under its
 * name, a file in a batch and a reference of KSeF's where it went interactively. Never by invoice number or order.
 */
import type { FollowedSession, SessionInvoice, SessionMember } from '@wsad/domain';

export interface OwnInvoice extends SessionInvoice {
  /** Of our invoice, whatever the entry says. */
  readonly sha256: string;
  /** False for one told by its name alone: a verdict on it may be believed, a registration of its bytes may not. */
  readonly byHash: boolean;
}

/** Files are named by invoice id: unique, flat and telling nothing. */
export function fileNameOf({ invoiceId }: Pick<SessionMember, 'invoiceId'>): string {
  return `${invoiceId}.xml`;
}

/** In the order of the list; entries that are none of ours are left out. */
export function ownAmong(
  { kind }: Pick<FollowedSession, 'kind'>,
  members: readonly SessionMember[],
  listed: readonly SessionInvoice[],
): OwnInvoice[] {
  const hashes = new Set(members.map(({ sha256 }) => sha256));
  const isByHash = ({ sha256 }: SessionInvoice): boolean => sha256 !== null && hashes.has(sha256);
  const told = new Set(listed.filter(isByHash).map(({ sha256 }) => sha256));
  const byName = new Map(
    members
      .filter(({ sha256 }) => !told.has(sha256))
      .map((member) => [kind === 'batch' ? fileNameOf(member) : member.reference, member.sha256]),
  );
  return listed.flatMap((entry): OwnInvoice[] => {
    if (entry.sha256 !== null && hashes.has(entry.sha256))
      return [{ ...entry, sha256: entry.sha256, byHash: true }];
    const name = kind === 'batch' ? entry.fileName : entry.reference;
    const sha256 = name === null ? undefined : byName.get(name);
    return sha256 === undefined ? [] : [{ ...entry, sha256, byHash: false }];
  });
}
