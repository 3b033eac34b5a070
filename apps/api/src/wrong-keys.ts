/** Slows down whoever tries keys: after some wrong ones an address has to wait. */

const WRONG_MAX = 10;
const WINDOW_MS = 60_000;
/** More addresses than this are not remembered, so that remembering them costs nothing worth attacking. */
const ADDRESSES_MAX = 10_000;

export interface WrongKeys {
  /** How long this address has to wait before its next try; 0 where it may try now. */
  waitMs(address: string, now: Date): number;
  note(address: string, now: Date): void;
}

export function countWrongKeys(): WrongKeys {
  const counts = new Map<string, { readonly since: number; readonly wrong: number }>();
  return {
    waitMs(address, now) {
      const count = counts.get(address);
      if (count === undefined || count.wrong < WRONG_MAX) return 0;
      return Math.max(0, count.since + WINDOW_MS - now.getTime());
    },
    note(address, now) {
      const count = counts.get(address);
      const over = count === undefined || now.getTime() >= count.since + WINDOW_MS;
      counts.delete(address);
      counts.set(address, over ? { since: now.getTime(), wrong: 1 } : { ...count, wrong: count.wrong + 1 });
      const [oldest] = counts.keys();
      if (counts.size > ADDRESSES_MAX && oldest !== undefined) counts.delete(oldest);
    },
  };
}
