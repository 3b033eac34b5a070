/** How long the steps of a session took. */

export function tookMs(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));
}

interface Timings {
  readonly claimedAt: string;
  readonly openedAt: string | null;
  readonly closingAt: string | null;
  readonly closedAt: string | null;
  readonly endedAt: string | null;
}

export const STEPS = ['opening', 'sending', 'closing', 'processing'] as const;
export type Step = (typeof STEPS)[number];

/** Of the steps that are over. */
export function stepsOf({
  claimedAt,
  openedAt,
  closingAt,
  closedAt,
  endedAt,
}: Timings): { step: Step; ms: number }[] {
  const bounds = {
    opening: [claimedAt, openedAt],
    sending: [openedAt, closingAt],
    closing: [closingAt, closedAt],
    processing: [closedAt, endedAt],
  } as const;
  return STEPS.flatMap((step) => {
    const [from, to] = bounds[step];
    const ms = tookMs(from, to);
    return ms === null ? [] : [{ step, ms }];
  });
}
