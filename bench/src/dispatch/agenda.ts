/** What happens when in a simulated time: the earliest first, and in the order given where moments are equal. */
export interface Agenda {
  at(atMs: number, happen: (nowMs: number) => void): void;
  /** Lets everything happen until nothing is left. */
  run(): void;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly happen: (nowMs: number) => void;
}

export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let order = 0;
  return {
    at(atMs, happen) {
      order += 1;
      push(heap, { atMs, order, happen });
    },
    run() {
      for (let next = pop(heap); next !== undefined; next = pop(heap)) next.happen(next.atMs);
    },
  };
}

function before(left: Entry, right: Entry): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function push(heap: Entry[], entry: Entry): void {
  let place = heap.length;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || before(above, entry)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || first === last) return first;
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const smaller = right !== undefined && left !== undefined && before(right, left) ? right : left;
    if (smaller === undefined || before(last, smaller)) break;
    heap[place] = smaller;
    place = 2 * place + (smaller === left ? 1 : 2);
  }
  heap[place] = last;
  return first;
}
