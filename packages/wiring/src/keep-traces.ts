/** Traces of this process, where the settings say that they are kept. */
import type { Config } from '@wsad/config';
import { type Logger, startTracing, type Tracing } from '@wsad/telemetry';

export function keepTraces({ role, traces }: Config, logger: Logger): Promise<Tracing> {
  const onError = (err: Error): void => logger.warn({ err }, 'traces do not reach their collector');
  return startTracing({ ...traces, service: role === 'all' ? 'wsad' : `wsad-${role}`, onError });
}
