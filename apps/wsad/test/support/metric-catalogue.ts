/** Every metric that any process of wsad can show: rules, panels and documentation are held against it. */
import { gaugeLedger, gaugeQueue } from '@wsad/api';
import { createLogger, createTelemetry, type MetricFacts, type Telemetry } from '@wsad/telemetry';
import { gaugeProcess } from '@wsad/wiring';

const never = (): Promise<never> => Promise.reject(new Error('nothing is read here'));

export const metricCatalogue = (): MetricFacts[] => telemetryOfAll().catalogue();

/** With every gauge there is; none of them can be read. */
export function telemetryOfAll(): Telemetry {
  const telemetry = createTelemetry({ logger: createLogger({ level: 'silent' }) });
  gaugeLedger(telemetry, { metrics: never, condition: never }, () => new Date(0));
  gaugeQueue(telemetry, { answers: never, counts: never });
  gaugeProcess(telemetry, 'all', { idleCount: 0, totalCount: 0, waitingCount: 0 });
  return telemetry;
}
