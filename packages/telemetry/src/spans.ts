/** Spans of pieces of work. Where no tracing was started OpenTelemetry's API makes nothing of them. */
import {
  type Attributes,
  context,
  createContextKey,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Observe, Work, WorkCall, WorkFacts, WorkOf } from '@wsad/domain';

/** What each fact is called in a trace; OpenTelemetry's own names where it has one. */
const NAMES: { readonly [Fact in keyof WorkFacts]-?: string } = {
  kind: 'wsad.session.kind',
  reference: 'wsad.session.reference',
  submissionId: 'wsad.submission.id',
  invoices: 'wsad.invoices',
  bytes: 'wsad.bytes',
  parts: 'wsad.parts',
  part: 'wsad.part',
  attempt: 'wsad.attempt',
  limitWaitMs: 'wsad.limit_wait_ms',
  status: 'http.response.status_code',
  code: 'wsad.ksef.code',
};

const ATTEMPT = createContextKey('wsad.attempt');
const HTTP_ERROR = 400;

export const tracer = trace.getTracer('wsad');

export const inSpan: Observe = (work, run) => {
  const { name, of = {}, facts = {}, call } = work;
  const attributes = {
    ...attributesOfWhose(of),
    ...attributesOf(facts),
    ...(call && attributesOfCall(call)),
  };
  const options = { kind: call ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes, links: linksTo(of) };
  return tracer.startActiveSpan(
    call ? `${call.method} ${call.template}` : name,
    options,
    withAttempt(work),
    async (span) => {
      try {
        return await run((told) => tell(span, work, told));
      } catch (error) {
        tellFailure(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
  );
};

/** The W3C traceparent of what is going on, for whoever goes on with it later; null where no traces are kept. */
export function traceParent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

export function traceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}

/** A call says which attempt it belongs to: it is made by the attempt, which knows. */
function withAttempt({ facts }: Work) {
  const active = context.active();
  return facts?.attempt === undefined ? active : active.setValue(ATTEMPT, facts.attempt);
}

function attributesOf(facts: WorkFacts): Attributes {
  const named = Object.entries(NAMES) as [keyof WorkFacts, string][];
  return Object.fromEntries(named.flatMap(([fact, name]) => (fact in facts ? [[name, facts[fact]]] : [])));
}

function attributesOfWhose({ nip, sessionId, origins = [] }: WorkOf): Attributes {
  return {
    ...(nip !== undefined && { 'wsad.seller.nip': nip }),
    ...(sessionId !== undefined && { 'wsad.session.id': sessionId }),
    ...(origins.length > 0 && { 'wsad.request.ids': origins.map(({ requestId }) => requestId) }),
  };
}

function attributesOfCall({ operation, method, template, url }: WorkCall): Attributes {
  const attempt = context.active().getValue(ATTEMPT);
  return {
    'http.request.method': method,
    'url.template': template,
    'server.address': url.hostname,
    'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    'wsad.ksef.operation': operation,
    ...(typeof attempt === 'number' && { [NAMES.attempt]: attempt }),
  };
}

/** A session goes back to many calls, of which a trace can continue one at most: it points to all of them. */
function linksTo({ origins = [] }: WorkOf): Link[] {
  return origins.flatMap(({ traceParent }) => {
    const context =
      traceParent === null
        ? undefined
        : trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: traceParent }));
    return context === undefined ? [] : [{ context }];
  });
}

function tell(span: Span, { call }: Work, facts: WorkFacts): void {
  span.setAttributes(attributesOf(facts));
  if (call && facts.status !== undefined && facts.status >= HTTP_ERROR) tellError(span, String(facts.status));
}

export function tellError(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** By its name or code alone: what a message says may be an invoice's, or KSeF's word on it. */
function tellFailure(span: Span, error: unknown): void {
  if (!(error instanceof Error)) tellError(span, typeof error);
  // To be put off until a full window has room again, for one, is how things should go.
  else if ('at' in error && error.at instanceof Date)
    span.setAttribute('wsad.put_off_until', error.at.toISOString());
  else tellError(span, 'code' in error && typeof error.code === 'string' ? error.code : error.name);
}
