/** How often each operation was called, by its template in the specification. */
export type CallCounter = {
  count(operation: string): void;
  counts(): Record<string, number>;
};

export function createCallCounter(): CallCounter {
  const counts = new Map<string, number>();
  return {
    count: (operation) => void counts.set(operation, (counts.get(operation) ?? 0) + 1),
    counts: () => Object.fromEntries(counts),
  };
}
