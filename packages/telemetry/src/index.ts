export type { Logger } from 'pino';
export { createLogger, type LogOptions } from './logger.ts';
export { createTelemetry, type Sample, type Telemetry } from './telemetry.ts';
