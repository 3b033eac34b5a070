/** Whose call it is, as far as that can be told before it is admitted. */

import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { contextNip } from '../auth/caller.ts';
import type { World } from '../world.ts';

const claimsSchema = z.object({ civ: z.string() });
const placeSchema = z.object({ session: z.string() });

/** The seller named by the token, read without checking it, or by the address of the storage; else null. */
export function sellerOf(world: World, request: FastifyRequest): string | null {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return namedBy(token);
  const place = placeSchema.safeParse(request.params);
  const session = place.success ? world.sessions.peek(place.data.session) : undefined;
  return session === undefined ? null : contextNip(session.owner.context);
}

function namedBy(token: string): string | null {
  try {
    const claims = claimsSchema.safeParse(decodeJwt(token));
    return claims.success ? (claims.data.civ.split('-')[0] ?? null) : null;
  } catch {
    return null;
  }
}
