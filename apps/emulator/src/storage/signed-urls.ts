import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../options.ts';

export type UrlVerdict = 'good' | 'forged' | 'expired';

/** Addresses that are good for one path and a while, without a token: like Azure's shared access signatures. */
export type UrlSigner = {
  sign(base: string, path: string, permission: 'r' | 'w', until: Date): string;
  check(path: string, permission: 'r' | 'w', query: URLSearchParams): UrlVerdict;
};

const SERVICE_VERSION = '2025-01-05';

export function createUrlSigner(secret: Buffer, clock: Clock): UrlSigner {
  function signature(path: string, permission: string, until: string): string {
    return createHmac('sha256', secret).update(`${permission}\n${path}\n${until}`).digest('base64');
  }

  function sign(base: string, path: string, permission: 'r' | 'w', until: Date): string {
    const se = until.toISOString();
    const sig = signature(path, permission, se);
    const query = new URLSearchParams({ sv: SERVICE_VERSION, se, sr: 'b', sp: permission, sig });
    return `${base}${path}?${query}`;
  }

  function check(path: string, permission: 'r' | 'w', query: URLSearchParams): UrlVerdict {
    const until = query.get('se') ?? '';
    const expected = Buffer.from(signature(path, permission, until));
    const given = Buffer.from(query.get('sig') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
    return clock() < new Date(until) ? 'good' : 'expired';
  }

  return { sign, check };
}
