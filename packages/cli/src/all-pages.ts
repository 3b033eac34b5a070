/** Every entry of a list that the API answers page by page. */

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** What a query has besides, to get the next page. */
export interface After {
  readonly cursor?: string;
}

export async function* allPages<Item>(page: (after: After) => Promise<Page<Item>>): AsyncGenerator<Item> {
  for (let after: After = {}; ; ) {
    const { items, nextCursor } = await page(after);
    yield* items;
    if (nextCursor === null) return;
    after = { cursor: nextCursor };
  }
}
