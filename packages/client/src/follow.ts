/** One submission's progress, from the events that the API sends while it happens. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Schemas } from './api.ts';

type Submission = Schemas['Submission'];

/** How the submission stands, at every change, until the stream ends: by itself once all is at rest. */
export async function* progressOf(
  events: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Submission> {
  const reader = events
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read())
      yield JSON.parse(next.value.data) as Submission;
  } finally {
    await reader.cancel();
  }
}
