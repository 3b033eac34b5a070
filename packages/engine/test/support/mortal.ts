/** A process that dies between one call and the next: from then on nothing it does has any effect. */
export class Crash extends Error {}

export interface Life {
  /** True when the process dies at this call: `before` it takes effect or after it. */
  readonly dies: (call: string) => 'before' | 'after' | null;
  alive: boolean;
}

/** The port, as long as the process lives. */
export function mortal<Port extends object>(port: Port, life: Life): Port {
  return new Proxy(port, {
    get(target, name) {
      const work: unknown = Reflect.get(target, name);
      if (typeof work !== 'function') return work;
      return (...args: unknown[]) => {
        if (!life.alive) throw new Crash();
        const death = life.dies(String(name));
        if (death !== null) life.alive = false;
        if (death === 'before') throw new Crash();
        const answer: unknown = Reflect.apply(work, target, args);
        if (death === null) return answer;
        if (!(answer instanceof Promise)) throw new Crash();
        return answer.then(() => {
          throw new Crash();
        });
      };
    },
  });
}
