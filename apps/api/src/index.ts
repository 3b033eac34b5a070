export { buildApi } from './app.ts';
export type { ApiDeps } from './deps.ts';
export { gaugeLedger, gaugeQueue } from './ledger-gauges.ts';
export type { ApiLedger } from './ledger-port.ts';
export { type ApiParts, type RunningApi, startApi } from './start-api.ts';
