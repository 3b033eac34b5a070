import type { Session } from './model.ts';

export type StatusName = 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled';

/** The coarse status that `GET /sessions` filters by. */
export function statusNameOf({ status: { code } }: Session): StatusName {
  if (code === 200) return 'Succeeded';
  if (code === 440) return 'Cancelled';
  return code < 200 ? 'InProgress' : 'Failed';
}
