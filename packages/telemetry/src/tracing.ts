/** Starts keeping traces, once for the whole process. Without it nothing of OpenTelemetry but its API is loaded. */
export interface TracingOptions {
  /** Where OTLP over HTTP is taken, `/v1/traces` included; null: no traces are kept. */
  readonly url: string | null;
  /** What this process is called in traces. */
  readonly service: string;
  /** Of the traces that begin here, 0 to 1; one that a caller began is kept where the caller keeps it. */
  readonly share: number;
  /** Told when traces do not get where they should. */
  readonly onError: (error: Error) => void;
}

export interface Tracing {
  /** Hands over what has not left yet, for a second at most. */
  close(): Promise<void>;
}

export async function startTracing({ url, ...options }: TracingOptions): Promise<Tracing> {
  if (url === null) return { close: async () => {} };
  const { exportSpans } = await import('./export-spans.ts');
  return exportSpans({ url, ...options });
}
