import { Problem } from '@wsad/domain';

/** A page ends at a key; outside it is opaque, so that it may become something else one day. */
export function cursorOf(key: string | null): string | null {
  return key === null ? null : Buffer.from(`1:${key}`).toString('base64url');
}

/** The key after which the page begins, null for the first page; a cursor that is none of ours is refused. */
export function keyOfCursor(cursor: string | undefined, isKey: (text: string) => boolean): string | null {
  if (cursor === undefined || cursor === '') return null;
  const key = Buffer.from(cursor, 'base64url').toString('utf8').slice(2);
  if (isKey(key) && cursorOf(key) === cursor) return key;
  throw new Problem('INVALID_REQUEST', 'cursor: is none that this API gave', {
    errors: [{ path: 'querystring.cursor', message: 'is none that this API gave' }],
  });
}
