import type { Overview } from '@wsad/ledger';
import type { z } from 'zod';
import type { overview } from '../schemas/overview.ts';
import { connectionAnswer } from './connection-answer.ts';
import { incidentsAnswer } from './incidents-answer.ts';
import { instantOf } from './instant.ts';

export type OverviewAnswer = z.input<typeof overview>;

export function overviewAnswer(seen: Overview, queueDownSince: Date | null, now: Date): OverviewAnswer {
  const { byState, today, inLine, sessions, budgets, deadlines } = seen;
  return {
    at: now.toISOString(),
    byState,
    today,
    perMinute: seen.perMinute.map((minute) => ({ ...minute, at: minute.at.toISOString() })),
    inLine: { ...inLine, oldestAt: instantOf(inLine.oldestAt) },
    sessions: sessions.map((session) => ({ ...session, openedAt: instantOf(session.openedAt) })),
    budgets: budgets.map((budget) => ({ ...budget })),
    deadlines: deadlines.map((deadline) => ({ ...deadline, dueAt: deadline.dueAt.toISOString() })),
    incidents: incidentsAnswer(seen, queueDownSince, now),
    connection: connectionAnswer(seen.connection),
    paused: seen.incidents.some(({ kind }) => kind === 'allPaused'),
  };
}
