export type { Logger } from 'pino';
export { correlated } from './correlation.ts';
export { createLogger, type LogOptions } from './logger.ts';
export { observe } from './observe.ts';
export { type AskFor, createTelemetry, type MetricFacts, type Sample, type Telemetry } from './telemetry.ts';
