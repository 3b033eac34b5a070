/** Compares what wsad promised, wrote and answered with what KSeF has: every contradiction is a finding. Pure. */
import type { Evidence, LedgerInvoice, Registered } from './evidence.ts';
import { MADE_UP_ORIGINAL } from './ksef-kinds.ts';

export const findingNames = [
  'lost',
  'registered twice',
  'sent twice',
  'cleared without a confirmed hash',
  'registered, not cleared',
  'wrong end',
  'stuck',
  'over the limit',
  'secret in a log',
  'answer differs',
  'answer not as documented',
  'died by itself',
] as const;
export type FindingName = (typeof findingNames)[number];

export interface Finding {
  readonly name: FindingName;
  readonly what: string;
}

const ENDED = ['cleared', 'rejected', 'held', 'withdrawn'];
const SESSIONS_UNDER_WAY = ['claimed', 'opened', 'closing', 'closed'];

export function check(evidence: Evidence): Finding[] {
  return [
    ...lost(evidence),
    ...registeredTwice(evidence),
    ...sentTwice(evidence),
    ...clearedUnconfirmed(evidence),
    ...registeredNotCleared(evidence),
    ...wrongEnds(evidence),
    ...stuck(evidence),
    ...evidence.unanswered.map((call) => finding('stuck', call)),
    ...evidence.overLimit.map((call) => finding('over the limit', `${call} was answered 429`)),
    ...secretsInLogs(evidence),
    ...answersDiffer(evidence),
    ...evidence.odd.map((answer) => finding('answer not as documented', answer)),
    ...evidence.deaths.map(({ part, code, last }) => finding('died by itself', `${part} (${code}): ${last}`)),
  ];
}

function finding(name: FindingName, what: string): Finding {
  return { name, what };
}

/** Promised, and not in the ledger with these very bytes. */
function lost({ promised, invoices }: Evidence): Finding[] {
  const byId = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  return promised.flatMap(({ invoiceId, sha256 }) => {
    const row = byId.get(invoiceId);
    if (row === undefined) return [finding('lost', `${invoiceId} was accepted and is not in the ledger`)];
    const same = row.sha256 === sha256 && row.storedSha256 === sha256;
    return same ? [] : [finding('lost', `${invoiceId} has other bytes than were accepted`)];
  });
}

function registeredTwice({ registry }: Evidence): Finding[] {
  const byBytes = groups(registry, ({ sha256 }) => sha256);
  const byIdentity = groups(registry, ({ nip, kind, number }) => [nip, kind, number].join('|'));
  return [...byBytes, ...byIdentity].flatMap(([key, items]) =>
    items.length > 1 ? [finding('registered twice', `${key}: ${numbersOf(items)}`)] : [],
  );
}

/**
 * KSeF refuses the second of two, so the registry alone would not show it: it said 440 to bytes that it had from a
 * session of ours, or from one that we do not even know.
 */
function sentTwice({ metTwice, sessions, registry, handedIn, allowed }: Evidence): Finding[] {
  const lateClosed = sessions.filter(({ abandoned }) => allowed.meetTwice && abandoned);
  const forgiven = new Set(lateClosed.map(({ reference }) => reference));
  const ours = new Set(sessions.flatMap(({ reference }) => reference ?? []));
  const registered = new Map(registry.map((item) => [item.sha256, item]));
  return metTwice.flatMap(({ sha256 }) => {
    const original = registered.get(sha256);
    if (original === undefined || !handedIn.has(sha256) || forgiven.has(original.session)) return [];
    if (!ours.has(original.session) && allowed.ends.includes(MADE_UP_ORIGINAL)) return [];
    return [
      finding('sent twice', `${original.number} of ${original.nip} was in ${original.session} already`),
    ];
  });
}

function clearedUnconfirmed({ invoices, registry }: Evidence): Finding[] {
  const byNumber = new Map(registry.map((item) => [item.ksefNumber, item]));
  return invoices.flatMap(({ id, state, sha256, ksefNumber }) => {
    if (state !== 'cleared') return [];
    const item = byNumber.get(ksefNumber ?? '');
    if (item === undefined)
      return [finding('cleared without a confirmed hash', `${id}: KSeF has no ${ksefNumber}`)];
    if (item.sha256 === sha256) return [];
    return [finding('cleared without a confirmed hash', `${id}: ${ksefNumber} has other bytes`)];
  });
}

/** In a session of ours, so it was ours to know. */
function registeredNotCleared({ invoices, registry, sessions, outOfPatience }: Evidence): Finding[] {
  const ours = new Set(sessions.flatMap(({ reference }) => reference ?? []));
  const byHash = groups(invoices, ({ sha256 }) => sha256);
  return registry
    .filter(({ session }) => ours.has(session))
    .flatMap(({ sha256, ksefNumber, number }) => {
      const rows = byHash.get(sha256) ?? [];
      if (rows.some(({ state }) => state === 'cleared')) return [];
      // Said already.
      if (outOfPatience && rows.some(({ state }) => !ENDED.includes(state))) return [];
      const states = rows.map(({ state }) => state).join(', ') || 'not in the ledger';
      return [finding('registered, not cleared', `${number} is ${ksefNumber} in KSeF, here: ${states}`)];
    });
}

/** Every invoice handed in is good: it is cleared, unless a fault of this run gives it another end. */
function wrongEnds({ invoices, allowed }: Evidence): Finding[] {
  return invoices.flatMap((invoice) => {
    const end = endOf(invoice);
    if (end === null || allowed.ends.includes(end)) return [];
    return [finding('wrong end', `${invoice.id} ended as ${end}`)];
  });
}

/** Null for cleared, and for what has not ended. */
function endOf({ state, holdCause, verdictCode }: LedgerInvoice): string | null {
  if (state === 'cleared' || !ENDED.includes(state)) return null;
  return `${state}: ${state === 'held' ? holdCause : verdictCode}`;
}

function stuck({ outOfPatience, invoices, sessions }: Evidence): Finding[] {
  if (!outOfPatience) return [];
  const rows = [
    ...invoices
      .filter(({ state }) => !ENDED.includes(state))
      .map(({ id, state }) => `invoice ${id} is ${state}`),
    ...sessions
      .filter(({ state }) => SESSIONS_UNDER_WAY.includes(state))
      .map(({ id, state }) => `session ${id} is ${state}`),
    ...invoices
      .filter(({ state, hasReceipt }) => state === 'cleared' && !hasReceipt)
      .map(({ id }) => `invoice ${id} has no UPO`),
  ];
  return rows.map((row) => finding('stuck', row));
}

function secretsInLogs({ logs, secrets }: Evidence): Finding[] {
  return [...logs].flatMap(([part, text]) =>
    [...secrets].flatMap(([secret, what]) =>
      text.includes(secret) ? [finding('secret in a log', `${what} in the log of ${part}`)] : [],
    ),
  );
}

/** The API says what the ledger holds, of every invoice that was promised. */
function answersDiffer({ promised, told, invoices, unanswered }: Evidence): Finding[] {
  if (unanswered.length > 0) return [];
  const byId = new Map(told.map((invoice) => [invoice.id, invoice]));
  const rows = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  const ids = [...new Set(promised.map(({ invoiceId }) => invoiceId))];
  return ids.flatMap((id) => {
    const row = rows.get(id);
    const answer = byId.get(id);
    if (row === undefined) return [];
    if (answer === undefined) return [finding('answer differs', `${id} is not told of`)];
    const same = answer.state === row.state && answer.ksefNumber === row.ksefNumber;
    return same ? [] : [finding('answer differs', `${id} is ${row.state}, told as ${answer.state}`)];
  });
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf);
}

function numbersOf(items: readonly Registered[]): string {
  return items.map(({ ksefNumber }) => ksefNumber).join(', ');
}
