import { z } from 'zod';
import { ROLES } from '../caller.ts';
import { instant } from './common.ts';

export const pageLogin = z
  .object({ key: z.string().min(1).max(500).describe('an API key or the administrator token') })
  .meta({ id: 'PageLogin' });

export const pageSession = z
  .object({
    actor: z.string().describe('as the audit trail names it: "admin-token" or "key:" and its id'),
    role: z.enum(ROLES),
    sellers: z.union([z.literal('all'), z.array(z.string())]).describe('NIPs the key is for, or "all"'),
    expiresAt: instant.nullable().describe('when the session ends unless it is used; null for a key itself'),
  })
  .meta({ id: 'PageSession' });
