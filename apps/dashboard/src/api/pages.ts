/** Lists that come page by page, and grow as somebody scrolls. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface PagesOptions {
  /** How often what is shown is asked for anew. */
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
    refetchInterval: everyMs ?? false,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const items = query.data?.pages.flatMap((page) => page.items);
  return { items, error: query.error, onEnd };
}
