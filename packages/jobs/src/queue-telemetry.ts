/** What BullMQ tells traces: that a job was rung for, and that it ran. Loaded where traces are kept alone. */
import { type Span, SpanKind, type Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';

/** Its chores (looking for jobs, renewing locks) would be most of all that is told, and say nothing of any work. */
const TOLD: readonly SpanKind[] = [SpanKind.PRODUCER, SpanKind.CONSUMER];

const UNTOLD: Span = {
  setSpanOnContext: (context) => context,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};

export function queueTelemetry(): Telemetry {
  const { tracer, contextManager } = new BullMQOtel({ tracerName: 'wsad-queue' });
  return {
    contextManager,
    tracer: {
      startSpan: (name, options, context) =>
        options === undefined || TOLD.includes(options.kind)
          ? tracer.startSpan(name, options, context)
          : UNTOLD,
    },
  };
}
