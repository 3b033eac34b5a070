import type { z } from 'zod';
import { badRequest } from './errors.ts';

/** The body as the schema says, or a 400 with code 21405 that names every fault. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw badRequest(21405, ...details);
}

/** pageSize of a listing, between 10 and the operation's maximum; 10 where it is not given. */
export function pageSizeOf(query: URLSearchParams, max: number): number {
  const given = query.get('pageSize');
  if (given === null) return 10;
  const size = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (!(size >= 10 && size <= max)) throw badRequest(21405, `pageSize musi być z zakresu 10-${max}.`);
  return size;
}

/** One page of a list, continued by an opaque token that belongs to this list alone. */
export function pageOf<T>(
  items: readonly T[],
  listName: string,
  pageSize: number,
  continuationToken: string | string[] | undefined,
): { page: T[]; continuationToken: string | null } {
  const offset = continuationToken === undefined ? 0 : offsetIn(continuationToken, listName);
  const end = offset + pageSize;
  return {
    page: items.slice(offset, end),
    continuationToken: end < items.length ? tokenFor(listName, end) : null,
  };
}

function tokenFor(listName: string, offset: number): string {
  return Buffer.from(`${listName}|${offset}`).toString('base64url');
}

function offsetIn(token: string | string[], listName: string): number {
  const text = typeof token === 'string' ? Buffer.from(token, 'base64url').toString() : '';
  const cut = text.lastIndexOf('|');
  const offset = Number(text.slice(cut + 1));
  if (cut < 0 || text.slice(0, cut) !== listName || !/\|\d{1,15}$/.test(text)) throw badRequest(21418);
  return offset;
}
