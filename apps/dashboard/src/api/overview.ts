/** How everything stands: read once, then told of every change for as long as somebody looks. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '@wsad/client';
import { useEffect, useState } from 'react';
import { answered, api } from './client.ts';

export type Overview = Schemas['Overview'];

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: () => answered(api.GET('/v1/overview')),
  staleTime: 5000,
});

/** Where the stream cannot be kept open, the page asks every five seconds instead. */
const ASKED_EVERY_MS = 5000;

export function useLiveOverview() {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const stream = new EventSource('/v1/overview/events');
    stream.addEventListener('overview', (event) => {
      setLive(true);
      queries.setQueryData(overviewQuery.queryKey, JSON.parse(event.data) as Overview);
    });
    stream.addEventListener('error', () => setLive(false));
    return () => stream.close();
  }, [queries]);
  return useQuery({ ...overviewQuery, refetchInterval: isLive ? false : ASKED_EVERY_MS });
}
