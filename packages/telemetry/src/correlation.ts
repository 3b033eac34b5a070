/** What all lines of one piece of work say, so that they can be found together: its call, its job, its session. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkOf } from '@wsad/domain';

type Fields = Readonly<Record<string, string | readonly string[]>>;

const current = new AsyncLocalStorage<Fields>();

/** Every line logged by `work`, and by whatever it calls, carries the fields; inner ones come on top of outer ones. */
export function correlated<T>(fields: Fields, work: () => T): T {
  return current.run({ ...current.getStore(), ...fields }, work);
}

export function correlation(): Fields {
  return current.getStore() ?? {};
}

/** `requestId` as the API's own lines say it; a list where a session came by several calls. */
export function fieldsOf({ nip, sessionId, origins = [] }: WorkOf): Fields {
  const [first, ...others] = origins.map((origin) => origin.requestId);
  return {
    ...(nip !== undefined && { nip }),
    ...(sessionId !== undefined && { sessionId }),
    ...(first !== undefined && { requestId: others.length === 0 ? first : [first, ...others] }),
  };
}
