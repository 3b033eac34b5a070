/** A lane in memory, its dispatch plan and trials, before a KSeF that fails sessions as a test says. */
import {
  type Claim,
  judgeFailure,
  type KsefStanding,
  NO_SPACING,
  planDispatch,
  type Room,
  type TrialStanding,
  type WaitingTrial,
} from '../../src/index.ts';

export interface Apple {
  readonly index: number;
  readonly attachment: boolean;
  state: 'waiting' | 'live' | 'cleared' | 'held';
  trialId: string | null;
  dueAt: number;
  /** Sessions that it went in. */
  sessions: Session[];
}

export interface Session {
  readonly kind: Claim['kind'];
  readonly apples: readonly Apple[];
  readonly trialId: string | null;
  readonly openedAt: number;
}

export interface Model {
  readonly apples: readonly Apple[];
  readonly sessions: readonly Session[];
  /** Until nothing waits and nothing is live, or so much time has passed. */
  run(untilMs?: number): void;
}

export interface Ksef {
  /** Status with which it fails the session; null where it judges it well. */
  fails(session: Session, nowMs: number): number | null;
  /** What sessions of others show. */
  others(nowMs: number): KsefStanding;
  /** Which of the live sessions ends next. */
  next(live: number): number;
}

const BEGINNING = Date.parse('2026-12-01T08:00:00Z');
const open = { sessions: 1_000, sends: 1_000, freeAt: new Date(BEGINNING), spacing: NO_SPACING };
const AMPLE: Room = { batch: open, interactive: open };
const TURNS_MAX = 20_000;

export function trialModel(count: number, attached: (index: number) => boolean, ksef: Ksef): Model {
  const apples = Array.from({ length: count }, (_, index): Apple => {
    const attachment = attached(index);
    return { index, attachment, state: 'waiting', trialId: null, dueAt: BEGINNING, sessions: [] };
  });
  const sessions: Session[] = [];
  const live: Session[] = [];
  const trials = new Map<string, TrialStanding & { beganAt: number }>();
  let nowMs = BEGINNING;
  let judgedAt = Number.NEGATIVE_INFINITY;

  function claim({ kind, count: most, which, ...of }: Claim): void {
    const trialId = of.trialId ?? null;
    const isMeant = (apple: Apple) =>
      apple.state === 'waiting' && apple.dueAt <= nowMs && apple.trialId === trialId && suits(apple, which);
    const session = { kind, apples: apples.filter(isMeant).slice(0, most), trialId, openedAt: nowMs };
    for (const apple of session.apples) {
      apple.state = 'live';
      apple.sessions.push(session);
    }
    sessions.push(session);
    live.push(session);
  }

  function end(session: Session): void {
    const code = ksef.fails(session, nowMs - BEGINNING);
    if (code === null) {
      judgedAt = nowMs;
      for (const apple of session.apples) apple.state = 'cleared';
    } else fail(session, code);
  }

  function fail(session: Session, code: number): void {
    const before = session.trialId === null ? null : (trials.get(session.trialId) ?? null);
    const since = before?.beganAt ?? session.openedAt;
    const ksefIs = judgedAt > since ? 'works' : ksef.others(nowMs - BEGINNING);
    const { fate, ...standing } = judgeFailure({ count: session.apples.length, before, code, ksef: ksefIs });
    if (fate.kind === 'held') {
      for (const apple of session.apples) apple.state = 'held';
      return;
    }
    const rest = [...session.apples];
    for (const size of fate.groups) {
      const trialId = `trial ${trials.size}`;
      trials.set(trialId, { ...standing, beganAt: nowMs });
      for (const apple of rest.splice(0, size))
        Object.assign(apple, { state: 'waiting', trialId, dueAt: nowMs + fate.afterMs });
    }
  }

  function step(): boolean {
    const decision = planDispatch(new Date(nowMs), waitingAt(apples, nowMs), AMPLE);
    if (decision.kind === 'send') {
      for (const each of decision.claims) claim(each);
      return true;
    }
    const [ending] = live.splice(ksef.next(live.length), 1);
    if (ending !== undefined) {
      nowMs += 1;
      end(ending);
      return true;
    }
    const dues = apples.filter(({ state }) => state === 'waiting').map(({ dueAt }) => dueAt);
    if (dues.length === 0) return false;
    nowMs = Math.max(nowMs, Math.min(...dues));
    return true;
  }

  return {
    apples,
    sessions,
    run(untilMs = Number.POSITIVE_INFINITY) {
      for (let turn = 0; turn < TURNS_MAX; turn += 1) {
        if (nowMs - BEGINNING > untilMs || !step()) return;
      }
      throw new Error('not at rest');
    },
  };
}

function suits({ attachment }: Apple, which: Claim['which']): boolean {
  if (which === 'attachments') return attachment;
  return which === 'plain' ? !attachment : which !== 'corrections';
}

function waitingAt(apples: readonly Apple[], nowMs: number) {
  const inLine = apples.filter(({ state, dueAt }) => state === 'waiting' && dueAt <= nowMs);
  const fresh = inLine.filter(({ trialId }) => trialId === null);
  const ids = [...new Set(inLine.flatMap(({ trialId }) => trialId ?? []))];
  const firstDueAt = fresh.length === 0 ? null : new Date(BEGINNING);
  return { ...counts(fresh), firstDueAt, nextBeginsAt: null, trials: ids.map((id) => trialOf(id, inLine)) };
}

function trialOf(id: string, inLine: readonly Apple[]): WaitingTrial {
  const own = inLine.filter(({ trialId }) => trialId === id);
  return { id, ...counts(own), dueAt: new Date(own[0]?.dueAt ?? 0) };
}

function counts(apples: readonly Apple[]) {
  const attachments = apples.filter(({ attachment }) => attachment).length;
  return { count: apples.length, attachments, corrections: 0 };
}
