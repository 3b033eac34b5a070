/**
 * What the engine needs of the world. ledger, ksef, archive and jobs fit these shapes without knowing of them;
 * packages/wiring puts them together.
 */
export type * from './ports/following-ledger.ts';
export type * from './ports/ksef.ts';
export type * from './ports/ledger.ts';
export type * from './ports/reconciling-ledger.ts';
export type * from './ports/sending-ledger.ts';
export type * from './ports/webhooks.ts';
export type * from './ports/world.ts';
