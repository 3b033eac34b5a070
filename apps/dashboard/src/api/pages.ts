/** Lists that come page by page, and grow as somebody scrolls. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface PagesOptions {
  /** How often the first page is asked for anew, while it is the only one: whoever scrolls on reads. */
  readonly everyMs?: number;
}

/** `ask` gets {} for the first page, then the cursor. */
export function usePages<Item>(
  queryKey: readonly unknown[],
  ask: (cursor: { cursor?: string }) => Promise<Page<Item>>,
  { everyMs }: PagesOptions = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    // Kept pages would all be asked for again, one after another, by whoever comes back to the list.
    gcTime: 0,
    refetchInterval: ({ state }) =>
      everyMs !== undefined && (state.data?.pages.length ?? 0) <= 1 ? everyMs : false,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const items = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  return { items, error: query.error, onEnd };
}
