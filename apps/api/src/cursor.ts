import { Problem } from '@wsad/domain';
import { isUuid } from '@wsad/ledger';

/** A page ends at an id; outside it is opaque, so that it may become something else one day. */
export function cursorOf(id: string | null): string | null {
  return id === null ? null : Buffer.from(`1:${id}`).toString('base64url');
}

/** The id after which the page begins; null for the first page. */
export function idOfCursor(cursor: string | undefined): string | null {
  if (cursor === undefined || cursor === '') return null;
  const id = Buffer.from(cursor, 'base64url').toString('utf8').slice(2);
  if (isUuid(id) && cursorOf(id) === cursor) return id;
  throw new Problem('INVALID_REQUEST', 'cursor: is none that this API gave', {
    errors: [{ path: 'querystring.cursor', message: 'is none that this API gave' }],
  });
}
