import type { EmitEvent, WsadEvent } from '@wsad/domain';
import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { startAtZero } from './at-zero.ts';
import { catalogueOf } from './catalogue.ts';
import { correlation } from './correlation.ts';
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
  readonly gauge: AskFor;
  /** The same of a value that only grows: its name ends in `_total`. */
  readonly total: AskFor;
  /** What can be on the page. */
  catalogue(): MetricFacts[];
}

export type AskFor = (
  name: string,
  help: string,
  read: () => Promise<number | readonly Sample[]> | number | readonly Sample[],
  labelNames?: readonly string[],
) => void;

export interface MetricFacts {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly labels: readonly string[];
}

/** The one subscriber of events. Each has a registry of its own, so that a process may hold several. */
export function createTelemetry({ logger }: { logger: Logger }): Telemetry {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  startAtZero(instruments);
  collectDefaultMetrics({ register: registry });

  const emit: EmitEvent = (event) => {
    const { level, text } = wordingOf(event);
    logger[level](lineOf(event), text);
    count(instruments, event);
  };
  const told = async (
    metric: { reset(): void; remove(): void },
    name: string,
    labelled: boolean,
    read: Parameters<AskFor>[2],
    tell: (sample: Sample) => void,
  ): Promise<void> => {
    metric.reset();
    try {
      const answer = await read();
      for (const sample of typeof answer === 'number' ? [{ value: answer }] : answer) tell(sample);
    } catch (error) {
      metric.reset();
      // Without labels resetting leaves a 0, which would be a lie; with labels there is nothing to remove.
      if (!labelled) metric.remove();
      logger.warn({ err: error }, `metric ${name} could not be read`);
    }
  };
  const named = (name: string, help: string, labelNames: readonly string[]) => {
    return { name, help, labelNames: [...labelNames], registers: [registry] };
  };
  return {
    emit,
    metrics: () => registry.metrics(),
    contentType: registry.contentType,
    gauge(name, help, read, labelNames = []) {
      new Gauge({
        ...named(name, help, labelNames),
        collect() {
          return told(this, name, labelNames.length > 0, read, ({ labels = {}, value }) =>
            this.set(labels, value),
          );
        },
      });
    },
    total(name, help, read, labelNames = []) {
      new Counter({
        ...named(name, help, labelNames),
        collect() {
          return told(this, name, labelNames.length > 0, read, ({ labels = {}, value }) =>
            this.inc(labels, value),
          );
        },
      });
    },
    catalogue: () => catalogueOf(registry),
  };
}

/** A call that names no seller, as to storage, is told under the seller whose work it is. */
function lineOf({ type, ...fields }: WsadEvent): object {
  if (!('nip' in fields) || fields.nip !== null) return { event: type, ...fields };
  return { event: type, ...fields, nip: correlation().nip ?? null };
}
