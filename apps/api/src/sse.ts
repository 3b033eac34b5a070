/** One server-sent event; the data is a single line of JSON. */
export function sseEvent(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment: keeps the connection open through whatever closes silent ones. */
export const SSE_HEARTBEAT = ': still here\n\n';
