/** OpenTelemetry's SDK: the one file that loads it. Spans leave in batches, without secrets whatever was put into them. */
import { type Attributes, type AttributeValue, context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { hideSecretTexts } from './redaction.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** A collector that is away must not hold up the end of a process. */
const FLUSH_MS_MAX = 1_000;
/** One that stays away is told of so often. */
const TOLD_EVERY_MS = 60_000;

export function exportSpans(options: TracingOptions & { readonly url: string }): Tracing {
  const { url, service, share, onError } = options;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const exporter = guarded(new OTLPTraceExporter({ url }), sparingly(onError));
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service, 'service.namespace': 'wsad' }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  return {
    async close() {
      await provider.forceFlush({ timeoutMillis: FLUSH_MS_MAX }).catch(() => undefined);
    },
  };
}

/** What leaves is clean, and what does not get there is told of. */
function guarded(exporter: SpanExporter, tell: (error: Error) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans.map(cleaned), (result) => {
        if (result.error !== undefined) tell(result.error);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  };
}

/** The same span in all but its texts. */
function cleaned(span: ReadableSpan): ReadableSpan {
  const { status, events, attributes } = span;
  const { message } = status;
  return Object.create(span, {
    attributes: { value: cleanAttributes(attributes) },
    events: {
      value: events.map((event) => ({ ...event, attributes: cleanAttributes(event.attributes ?? {}) })),
    },
    status: { value: message === undefined ? status : { ...status, message: hideSecretTexts(message) } },
  });
}

function cleanAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return hideSecretTexts(value);
  if (!Array.isArray(value)) return value;
  return value.map((item) => (typeof item === 'string' ? hideSecretTexts(item) : item)) as AttributeValue;
}

function sparingly(tell: (error: Error) => void): (error: Error) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - toldAtMs < TOLD_EVERY_MS) return;
    toldAtMs = performance.now();
    tell(error);
  };
}
