export type { Logger } from 'pino';
export { correlated } from './correlation.ts';
export { createLogger, type LogOptions } from './logger.ts';
export { observe } from './observe.ts';
export { type ServedCall, type Serving, serve } from './serving.ts';
export { traceParent } from './spans.ts';
export { type AskFor, createTelemetry, type MetricFacts, type Sample, type Telemetry } from './telemetry.ts';
export { startTracing, type Tracing, type TracingOptions } from './tracing.ts';
