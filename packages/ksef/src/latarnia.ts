/**
 * KSeF's status service ("Latarnia"): two open answers, read leniently. Source: repository CIRFMF/ksef-latarnia. It has
 * itself been away for hours, and on TEST it has told of a failure that was none: nobody may act on it alone.
 */
import type { LatarniaMessage, LatarniaReading } from '@wsad/domain';
import { z } from 'zod';
import { baseAddress } from './addresses.ts';
import { jsonOf, kindOf } from './bodies.ts';
import { createWire, DEFAULT_TIMEOUTS, type Wire } from './wire.ts';

export interface LatarniaClient {
  /** Throws a plain Error where the service does not say how KSeF is. */
  read(): Promise<LatarniaReading>;
  close(): Promise<void>;
}

const ANSWER_BYTES_MAX = 2_000_000;
const MESSAGES_MAX = 500;
const CALL_MS = 15_000;

export function createLatarniaClient({ baseUrl }: { readonly baseUrl: string }): LatarniaClient {
  const { url } = baseAddress(baseUrl);
  const wire = createWire(DEFAULT_TIMEOUTS, 1);
  return {
    async read() {
      const { status, messages } = statusAnswer.parse(await ask(wire, `${url}/status`));
      // What the status names is about now; the list, which may also fail, holds what was and what is to come.
      const listed = messagesAnswer.safeParse(await ask(wire, `${url}/messages`).catch(() => []));
      return { status, messages: gathered(messages, listed.success ? listed.data : []) };
    },
    close: () => wire.close(),
  };
}

async function ask(wire: Wire, address: string): Promise<unknown> {
  const answer = await wire.exchange({
    url: new URL(address),
    method: 'GET',
    headers: { accept: 'application/json' },
    answerBytesMax: ANSWER_BYTES_MAX,
    totalMs: CALL_MS,
  });
  const json = jsonOf(answer);
  if (answer.status === 200 && json !== undefined) return json;
  throw new Error(`answered ${answer.status} with ${kindOf(answer)}`);
}

const word = z.union([z.string(), z.number()]).transform(String);
const text = word.nullish().catch(null);
const instant = z
  .string()
  .transform((given) => new Date(given))
  .refine((at) => !Number.isNaN(at.getTime()))
  .nullish()
  .catch(null);

const message = z.looseObject({
  id: word,
  version: z.int().catch(1),
  eventId: text,
  category: text,
  type: text,
  title: text,
  text,
  start: instant,
  end: instant,
  published: instant,
});
type Message = z.output<typeof message>;

/** A message that cannot be read is passed over: the others still count. */
const messagesAnswer = z
  .array(message.nullable().catch(null))
  .transform((all) => all.flatMap((one) => (one === null ? [] : [one])));
const statusAnswer = z.looseObject({
  status: z.string().min(1).max(100),
  messages: messagesAnswer.nullish().catch(null),
});

function gathered(
  current: readonly Message[] | null | undefined,
  listed: readonly Message[],
): LatarniaMessage[] {
  const all = new Map<string, LatarniaMessage>();
  for (const one of listed.slice(0, MESSAGES_MAX)) all.set(`${one.id} ${one.version}`, read(one, false));
  for (const one of current ?? []) all.set(`${one.id} ${one.version}`, read(one, true));
  return [...all.values()];
}

function read(given: Message, inForce: boolean): LatarniaMessage {
  return {
    id: given.id,
    version: given.version,
    eventId: given.eventId ?? null,
    category: given.category ?? null,
    type: given.type ?? null,
    title: given.title ?? null,
    text: given.text ?? null,
    startsAt: given.start ?? null,
    endsAt: given.end ?? null,
    publishedAt: given.published ?? null,
    inForce,
  };
}
