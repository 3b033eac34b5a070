/** How a job ended. One adapter (packages/jobs) turns these into queue calls; jobs never throw to steer. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Waiting for KSeF, for a window or for a neighbour: costs no attempt. */
  | { readonly kind: 'snooze'; readonly until: Date; readonly why: string }
  /** Something broke that is expected to mend itself: the queue counts and backs off. */
  | { readonly kind: 'retry'; readonly error: Error };

export const done: Outcome = { kind: 'done' };

export function snooze(until: Date, why: string): Outcome {
  return { kind: 'snooze', until, why };
}
