/** The one mechanism behind everything that goes wrong on purpose: what is armed strikes, is counted, and is spent. */

export type Arming = {
  /** How many chances it strikes. */
  times: number;
  /** How many chances it lets pass first. */
  skip: number;
  /** Strikes this seller alone. */
  nip?: string | undefined;
};

export type Armed<T extends Arming> = {
  add(item: T): void;
  clear(): void;
  list(): T[];
  /** The first armed item that matches this chance, used up by it; null where it lets the chance pass. */
  strike(matches: (item: T) => boolean): T | null;
};

export function createArmed<T extends Arming>(): Armed<T> {
  let armed: T[] = [];

  function strike(matches: (item: T) => boolean): T | null {
    const item = armed.find(matches);
    if (item === undefined) return null;
    if (item.skip > 0) {
      item.skip -= 1;
      return null;
    }
    item.times -= 1;
    if (item.times === 0) armed = armed.filter((other) => other !== item);
    return item;
  }

  return {
    add: (item) => void armed.push(item),
    clear: () => {
      armed = [];
    },
    list: () => [...armed],
    strike,
  };
}

export function aimsAt({ nip }: Arming, seller: string | null): boolean {
  return nip === undefined || nip === seller;
}
