export type { Binaries } from './binaries.ts';
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';
export { findFreePort, isFreePort } from './free-port.ts';
export { type FoundCluster, findEmbeddedPostgres } from './running.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts';
