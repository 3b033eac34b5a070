/** What KSeF made of a session: from the unmetered UPO where its counts agree, else from the full list. */
import {
  type FollowedSession,
  isKsefNumber,
  KsefFault,
  type KsefVerdict,
  type Receipt,
  type SessionInvoice,
  type SessionMember,
  type SessionStatus,
  type UpoEntry,
} from '@wsad/domain';
import { withAccess } from './access.ts';
import { breathe } from './large-work.ts';
import { type OwnInvoice, ownAmong } from './own-invoices.ts';
import type { World } from './ports.ts';

export interface Results {
  readonly receipts: readonly Receipt[];
  readonly accepted: readonly Accepted[];
  readonly refused: readonly Refused[];
}

export interface Accepted {
  readonly sha256: string;
  readonly ksefNumber: string;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  readonly receiptPage: number | null;
  readonly reference: string | null;
}

export interface Refused {
  readonly sha256: string;
  readonly reference: string | null;
  readonly verdict: KsefVerdict;
}

export const SUCCESS = 200;

export async function readResults(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  pages: readonly UpoPage[],
  members: readonly SessionMember[],
): Promise<Results> {
  const receipts = pages.map(({ page, reference, xml, sha256 }) => ({ page, reference, xml, sha256 }));
  const inUpo = pages.flatMap(({ page, entries }) => entries.map((entry) => acceptedInUpo(entry, page)));
  await breathe(world, session);
  if (countsAgree(session, status, inUpo.length)) {
    const refused =
      (status.failedInvoiceCount ?? 0) > 0 ? await listed(world, session, 'failed', members) : [];
    const whole = covers(members, inUpo, refused);
    await breathe(world, session);
    if (whole && inUpo.every(({ ksefNumber }) => isKsefNumber(ksefNumber))) {
      return { receipts, accepted: inUpo, refused: refused.map(asRefused) };
    }
  }
  return { receipts, ...(await fromFullList(world, session, members, inUpo)) };
}

/**
 * Every verdict KSeF lists for the session, for when there is no UPO to trust. A success without its number yet is among
 * the refused with KSeF's own code: it is not at its end. So is one that does not name our bytes: nobody can tell.
 */
export async function fromFullList(
  world: World,
  session: FollowedSession,
  members: readonly SessionMember[],
  inUpo: readonly Accepted[] = [],
): Promise<{ accepted: Accepted[]; refused: Refused[] }> {
  const pageOf = new Map(inUpo.map(({ sha256, receiptPage }) => [sha256, receiptPage]));
  const all = await listed(world, session, 'all', members);
  const accepted = all.flatMap((invoice) =>
    invoice.verdict.code === SUCCESS && invoice.ksefNumber !== null && invoice.byHash
      ? [
          {
            sha256: invoice.sha256,
            ksefNumber: invoice.ksefNumber,
            invoicingMode: invoice.invoicingMode,
            acquiredAt: invoice.acquiredAt,
            receiptPage: pageOf.get(invoice.sha256) ?? null,
            reference: invoice.reference,
          },
        ]
      : [],
  );
  const refused = all
    .filter(({ verdict, ksefNumber, byHash }) => verdict.code !== SUCCESS || ksefNumber === null || !byHash)
    .map(asRefused);
  return { accepted, refused };
}

function countsAgree(session: FollowedSession, status: SessionStatus, inUpo: number): boolean {
  const { successfulInvoiceCount, failedInvoiceCount } = status;
  if (successfulInvoiceCount === null || failedInvoiceCount === null) return false;
  return inUpo === successfulInvoiceCount && inUpo + failedInvoiceCount === session.invoiceCount;
}

export type UpoPage = Receipt & { readonly entries: readonly UpoEntry[] };

/** The session's UPO, page by page; null where KSeF has not made it yet or what comes is not to be trusted. */
export async function downloadPages(world: World, status: SessionStatus): Promise<UpoPage[] | null> {
  if (status.successfulInvoiceCount === 0) return [];
  if (status.upoPages.length === 0) return null;
  try {
    return await Promise.all(
      status.upoPages.map(async ({ reference, downloadUrl }, index) => {
        const { xml, sha256, entries } = await world.ksef.downloadUpo(downloadUrl);
        return { page: index + 1, reference, xml, sha256, entries };
      }),
    );
  } catch (error) {
    if (error instanceof KsefFault) return null;
    throw error;
  }
}

/**
 * A UPO that tells of an invoice which was never in the session is another's: as if there were none yet. Of a session
 * that was found at KSeF not everything need be here: its UPO is the one that tells of all that is.
 */
export function pagesAbout(
  { foundAtKsef }: Pick<FollowedSession, 'foundAtKsef'>,
  members: readonly SessionMember[],
  pages: readonly UpoPage[] | null,
): readonly UpoPage[] | null {
  if (pages === null) return null;
  const ours = new Set(members.map(({ sha256 }) => sha256));
  const told = pages.flatMap(({ entries }) => entries);
  if (told.every(({ sha256 }) => ours.has(sha256))) return pages;
  return foundAtKsef && covers(members, told, []) ? pages : null;
}

/** A UPO that leaves some of ours out is not to be trusted, whatever its counts. */
function covers(
  members: readonly SessionMember[],
  accepted: readonly { sha256: string }[],
  refused: readonly { sha256: string }[],
): boolean {
  const told = new Set([...accepted, ...refused].map(({ sha256 }) => sha256));
  return members.every(({ sha256 }) => told.has(sha256));
}

/** The entries that speak of our invoices. */
async function listed(
  world: World,
  session: FollowedSession,
  which: 'all' | 'failed',
  members: readonly SessionMember[],
): Promise<OwnInvoice[]> {
  return ownAmong(session, members, await everyEntry(world, session, which));
}

/** KSeF's list as it is. */
export async function everyEntry(
  world: World,
  session: Pick<FollowedSession, 'nip' | 'credentialId' | 'reference'>,
  which: 'all' | 'failed',
): Promise<SessionInvoice[]> {
  return await withAccess(world, session.nip, session.credentialId, async ({ accessToken }) => {
    const invoices: SessionInvoice[] = [];
    for await (const invoice of world.ksef.sessionInvoices(
      session.nip,
      accessToken,
      session.reference,
      which,
    )) {
      invoices.push(invoice);
    }
    return invoices;
  });
}

export function acceptedInUpo(entry: UpoEntry, page: number): Accepted {
  const { sha256, ksefNumber, invoicingMode, acquiredAt } = entry;
  return { sha256, ksefNumber, invoicingMode, acquiredAt, receiptPage: page, reference: null };
}

function asRefused({ sha256, reference, verdict, ksefNumber, byHash }: OwnInvoice): Refused {
  if (byHash || ksefNumber === null) return { sha256, reference, verdict };
  const doubt = `KSeF registered something as ${ksefNumber} under the name of this invoice, with other bytes or none`;
  return { sha256, reference, verdict: { ...verdict, details: [...verdict.details, doubt] } };
}
