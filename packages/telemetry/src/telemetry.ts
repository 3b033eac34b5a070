import type { EmitEvent } from '@wsad/domain';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { count } from './counting.ts';
import { createInstruments } from './instruments.ts';
import { wordingOf } from './wording.ts';

export interface Sample {
  readonly value: number;
  /** Few and bounded. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Telemetry {
  /** Logs and counts what happened; never throws. */
  readonly emit: EmitEvent;
  /** Prometheus' text format. */
  metrics(): Promise<string>;
  readonly contentType: string;
  /** A value that is asked for whenever metrics are read. One that cannot be had is left out, not the whole page. */
  gauge(
    name: string,
    help: string,
    read: () => Promise<number | readonly Sample[]> | number | readonly Sample[],
    labelNames?: readonly string[],
  ): void;
}

/** The one subscriber of events. Each has a registry of its own, so that a process may hold several. */
export function createTelemetry({ logger }: { logger: Logger }): Telemetry {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  collectDefaultMetrics({ register: registry });

  const emit: EmitEvent = (event) => {
    const { level, text } = wordingOf(event);
    const { type, ...fields } = event;
    logger[level]({ event: type, ...fields }, text);
    count(instruments, event);
  };
  const gauge: Telemetry['gauge'] = (name, help, read, labelNames = []) => {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset();
        try {
          const answer = await read();
          const samples = typeof answer === 'number' ? [{ value: answer }] : answer;
          for (const { labels = {}, value } of samples) this.set(labels, value);
        } catch (error) {
          this.remove();
          logger.warn({ err: error }, `metric ${name} could not be read`);
        }
      },
    });
  };
  return { emit, metrics: () => registry.metrics(), contentType: registry.contentType, gauge };
}
