/** The sellers that the key is for, narrowed by the beginning of their NIP and by whether they can send. */
import { answered, api } from './client.ts';
import { usePages } from './pages.ts';

const EVERY_MS = 10_000;

export function useSellers(query = '', ready: '' | 'true' | 'false' = '') {
  const filter = { ...(query === '' ? {} : { query }), ...(ready === '' ? {} : { ready }) };
  return usePages(
    ['sellers', query, ready],
    (cursor) => answered(api.GET('/v1/sellers', { params: { query: { limit: 200, ...filter, ...cursor } } })),
    { everyMs: EVERY_MS },
  );
}
