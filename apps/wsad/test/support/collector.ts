/** A collector of traces: takes OTLP over HTTP as its specification writes it, and reads what came by hand. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Field, fieldsOf, numberOf, textOf, wholeOf } from './protobuf.ts';

export interface SeenSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where the trace begins. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { traceId: string; spanId: string }[];
  readonly failed: boolean;
  readonly message: string;
  readonly durationMs: number;
  readonly startNs: bigint;
}

export interface Collector {
  readonly url: string;
  readonly spans: SeenSpan[];
  /** Everything that came, as it came. */
  readonly bytes: () => Buffer;
  readonly headers: IncomingHttpHeaders[];
  close(): Promise<void>;
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR = 2;

export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = [];
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    bodies.push(body);
    headers.push(request.headers);
    const taken = request.method === 'POST' && request.url === '/v1/traces';
    if (taken) spans.push(...spansOf(body));
    response.writeHead(taken ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens nowhere');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    bytes: () => Buffer.concat(bodies),
    headers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function spansOf(body: Buffer): SeenSpan[] {
  return fieldsOf(body)
    .filter(({ number }) => number === 1)
    .flatMap(({ bytes }) => {
      const fields = fieldsOf(bytes);
      const resource = fields.find(({ number }) => number === 1);
      const service = String(attributesOf(fieldsOf(resource?.bytes), 1)['service.name']);
      const scopes = fields.filter(({ number }) => number === 2);
      const spans = scopes.flatMap((scope) => fieldsOf(scope.bytes).filter(({ number }) => number === 2));
      return spans.map((span) => spanOf(service, fieldsOf(span.bytes)));
    });
}

function spanOf(service: string, fields: readonly Field[]): SeenSpan {
  const hex = (number: number): string => bytesAt(fields, number).toString('hex');
  const [startNs, endNs] = [wholeOf(fields, 7), wholeOf(fields, 8)];
  const status = fieldsOf(bytesAt(fields, 15));
  return {
    service,
    ...{ traceId: hex(1), spanId: hex(2), parentId: hex(4) },
    name: textOf(fields, 5),
    kind: KINDS[numberOf(fields, 6)] ?? 'internal',
    attributes: attributesOf(fields, 9),
    links: fields
      .filter(({ number }) => number === 13)
      .map((link) => fieldsOf(link.bytes))
      .map((link) => ({
        traceId: bytesAt(link, 1).toString('hex'),
        spanId: bytesAt(link, 2).toString('hex'),
      })),
    failed: numberOf(status, 3) === ERROR,
    message: textOf(status, 2),
    durationMs: Number(endNs - startNs) / 1e6,
    startNs,
  };
}

function bytesAt(fields: readonly Field[], wanted: number): Buffer {
  return fields.find(({ number }) => number === wanted)?.bytes ?? Buffer.alloc(0);
}

function attributesOf(fields: readonly Field[], wanted: number): Record<string, unknown> {
  const pairs = fields.filter(({ number }) => number === wanted).map(({ bytes }) => fieldsOf(bytes));
  return Object.fromEntries(pairs.map((pair) => [textOf(pair, 1), valueIn(fieldsOf(bytesAt(pair, 2)))]));
}

function valueIn(fields: readonly Field[]): unknown {
  const [field] = fields;
  switch (field?.number) {
    case 1:
      return field.bytes.toString();
    case 2:
      return field.whole === 1n;
    case 3:
      return Number(field.whole);
    case 4:
      return field.bytes.readDoubleLE();
    case 5:
      return fieldsOf(field.bytes).map(({ bytes }) => valueIn(fieldsOf(bytes)));
    default:
      return undefined;
  }
}
