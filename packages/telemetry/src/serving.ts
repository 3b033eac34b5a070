/** The span of a call that is being served: it continues the trace that the caller names in W3C's headers. */
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { tellError, tracer } from './spans.ts';

export interface ServedCall {
  readonly method: string;
  /** The path with names in place of values. */
  readonly route: string;
  readonly scheme: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Serving {
  /** What `work` does, and whatever comes of it, belongs to the call. */
  run<T>(work: () => T): T;
  answered(status: number): void;
  /** The caller went away: an error where nothing had been answered yet, and the usual end of a stream of events. */
  aborted(status: number | null): void;
}

const SERVER_ERROR = 500;

export function serve({ method, route, scheme, requestId, headers }: ServedCall): Serving {
  const caller = propagation.extract(ROOT_CONTEXT, headers);
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.scheme': scheme,
    'wsad.request.id': requestId,
  };
  const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
  return {
    run: (work) => context.with(trace.setSpan(context.active(), span), work),
    answered(status) {
      span.setAttribute('http.response.status_code', status);
      if (status >= SERVER_ERROR) tellError(span, String(status));
      span.end();
    },
    aborted(status) {
      if (status === null) tellError(span, 'aborted');
      else span.setAttribute('http.response.status_code', status);
      span.end();
    },
  };
}
