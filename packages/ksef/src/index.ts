export { createKsefClient, type KsefClient, type KsefClientOptions } from './client.ts';
export type { KeyUsage, PublicKey } from './keys.ts';
export { createLatarniaClient, type LatarniaClient } from './latarnia.ts';
export { readUpoEntries } from './upo-entries.ts';
export type { Timeouts } from './wire.ts';
