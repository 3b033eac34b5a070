import { z } from 'zod';
import { ROLES } from '../caller.ts';
import { instant, withoutNul } from './common.ts';

const sellers = z
  .union([z.literal('all'), z.array(z.string()).min(1).max(10_000)])
  .describe('NIPs the key is for, or "all"');
const role = z
  .enum(ROLES)
  .describe(
    'read: look; submit: also send, retry, withdraw, resolve, pause; admin: everything for its sellers',
  );

export const newKey = z
  .object({ name: withoutNul(z.string().trim().min(1).max(200)), sellers, role })
  .meta({ id: 'NewKey' });
export const createdKey = z
  .object({ id: z.string(), key: z.string().describe('shown this once') })
  .meta({ id: 'CreatedKey' });
export const keyList = z
  .object({
    items: z.array(z.object({ id: z.string(), name: z.string(), sellers, role, createdAt: instant })),
  })
  .meta({ id: 'Keys' });
