/** What KSeF's tokens (JWT) say of themselves. They are decoded, never verified: KSeF alone trusts in them. */
import { decodeJwt, type JWTPayload } from 'jose';
import type { TokenInfo } from './schemas.ts';

/** Until when a token is good: what the answer said, else the token's own `exp`; null where neither tells. */
export function validUntil(info: TokenInfo): Date | null {
  if (info.validUntil instanceof Date) return info.validUntil;
  const seconds = claimsOf(info.token).exp;
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null;
}

/** Permissions of an access token: its claim `per`, one or a list (also seen as a list written in JSON). */
export function permissionsOf(accessToken: string): string[] {
  const claim = claimsOf(accessToken).per;
  if (typeof claim !== 'string') return stringsOf(claim);
  return claim.startsWith('[') ? stringsOf(parsed(claim)) : [claim].filter((one) => one !== '');
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
    return [];
  }
}

function stringsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
