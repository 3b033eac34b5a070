/** Who is logged in on this page, and what that key may do. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from '@wsad/client';
import { answered, api } from './client.ts';

export type Session = Schemas['PageSession'];

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answered(api.GET('/v1/session')),
  staleTime: 60_000,
  retry: false,
});

const RANKS = { read: 0, submit: 1, admin: 2 } as const;

/** administrator: everything for all sellers. */
export type Right = keyof typeof RANKS | 'administrator';

export function may(session: Session | undefined, right: Right): boolean {
  if (session === undefined) return false;
  if (right === 'administrator') return session.role === 'admin' && session.sellers === 'all';
  return RANKS[session.role] >= RANKS[right];
}

export function useMay(right: Right): boolean {
  return may(useQuery(sessionQuery).data, right);
}
