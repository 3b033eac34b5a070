/** What KSeF's tokens (JWT) say of themselves. They are decoded, never verified: KSeF alone trusts in them. */
import type { Permissions } from '@wsad/domain';
import { decodeJwt, type JWTPayload } from 'jose';
import type { TokenInfo } from './schemas.ts';

/** Until when a token is good: what the answer said, else the token's own `exp`; null where neither tells. */
export function validUntil(info: TokenInfo): Date | null {
  if (info.validUntil instanceof Date) return info.validUntil;
  const seconds = claimsOf(info.token).exp;
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null;
}

/** Its claim `per`, one or a list (also seen as a list written in JSON); null where there is none to be read. */
export function permissionsOf(accessToken: string): Permissions {
  const claim = claimsOf(accessToken).per;
  if (typeof claim !== 'string') return stringsOf(claim);
  if (claim.startsWith('[')) return stringsOf(parsed(claim));
  return claim === '' ? null : [claim];
}

function claimsOf(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A list of something else tells nothing, where an empty one tells that there is none. */
function stringsOf(list: unknown): string[] | null {
  if (!Array.isArray(list)) return null;
  const strings = list.filter((one) => typeof one === 'string');
  return strings.length === 0 && list.length > 0 ? null : strings;
}
