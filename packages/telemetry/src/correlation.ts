/** What all lines of one piece of work say, so that they can be found together: its call, its job, its session. */
import { AsyncLocalStorage } from 'node:async_hooks';

type Fields = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Fields>();

/** Every line logged by `work`, and by whatever it calls, carries the fields; inner ones come on top of outer ones. */
export function correlated<T>(fields: Fields, work: () => T): T {
  return current.run({ ...current.getStore(), ...fields }, work);
}

export function correlation(): Fields {
  return current.getStore() ?? {};
}
