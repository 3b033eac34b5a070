export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';
export { findFreePort } from './free-port.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts';
