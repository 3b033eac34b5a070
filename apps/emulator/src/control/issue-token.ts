import { type KsefToken, ownerOf } from '../auth/ksef-tokens.ts';
import type { World } from '../world.ts';

/** A KSeF token as if the firm itself had made it, for those who come to test. */
export function issueToken(world: World, nip: string, permissions: readonly string[]): KsefToken {
  const context = { type: 'Nip', value: nip } as const;
  return world.ksefTokens.create({ context, author: ownerOf(context), permissions, description: 'control' });
}
