export { keepTraces } from './keep-traces.ts';
export { type Loop, startLoop } from './loop.ts';
export { type Opened, openCommon, worldOf } from './open.ts';
export { type PracticeInvoices, practiceInvoices } from './practice-invoices.ts';
export { practiseSending } from './practise-sending.ts';
export { runProcess, type StartWork, type Working } from './process.ts';
export { gaugeProcess } from './process-gauges.ts';
export { onShutdown } from './shutdown.ts';
export { createWorld, type WiredWorld, type WorldParts } from './world.ts';
