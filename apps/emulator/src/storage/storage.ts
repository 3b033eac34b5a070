import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultHooks } from '../http/fault-hooks.ts';
import { invoiceUpo } from '../sessions/receipts.ts';
import type { World } from '../world.ts';
import { receivePart } from './receive-part.ts';

type Refused = { status: number; code: string; message: string };
type Place = { session: string; item: string };

const uploadRoute = '/storage/:session/:item';
const upoRoute = '/storage/upo/:session/:item';
const exportRoute = '/storage/export/:export/:item';

/** The routes as faults and counts name them. */
const templates: Record<string, string> = {
  [uploadRoute]: '/storage/{session}/{part}',
  [upoRoute]: '/storage/upo/{session}/{page}',
  [exportRoute]: '/storage/export/{export}/{part}',
};

/** The blob storage behind upload and download addresses: no token, no limits, errors in XML. */
export function registerStorage(app: FastifyInstance, world: World): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  faultHooks(app, world, ({ method, routeOptions: { url = '' } }) => `${method} ${templates[url] ?? url}`);

  app.put<{ Params: Place }>(uploadRoute, async (request, reply) => {
    const refused = refuseAddress(world, request, 'w') ?? (await receivePart(world, request));
    return refused === null ? reply.status(201).send() : refuse(request, reply, refused);
  });

  app.get<{ Params: Place }>(upoRoute, { exposeHeadRoute: true }, async (request, reply) => {
    const refused = refuseAddress(world, request, 'r');
    if (refused !== null) return refuse(request, reply, refused);
    const found = await receipt(world, request.params);
    if (found === null) return refuse(request, reply, notFound);
    return reply.header('x-ms-meta-hash', found.hash).type('application/xml').send(found.xml);
  });

  app.get<{ Params: { export: string; item: string } }>(exportRoute, async (request, reply) => {
    const refused = refuseAddress(world, request, 'r');
    if (refused !== null) return refuse(request, reply, refused);
    const { export: reference, item } = request.params;
    const parts = world.exports.get(reference)?.package?.parts ?? [];
    const part = parts.find(({ ordinalNumber }) => String(ordinalNumber) === item);
    if (part === undefined) return refuse(request, reply, notFound);
    reply.header('x-ms-meta-hash', part.encrypted.hash).header('content-length', part.encrypted.size);
    return reply.type('application/octet-stream').send(createReadStream(path.join(world.folder, part.file)));
  });
}

const notFound: Refused = { status: 404, code: 'BlobNotFound', message: 'The blob does not exist.' };

/** The address must be ours, in force, and come without a token. */
function refuseAddress(world: World, request: FastifyRequest, permission: 'r' | 'w'): Refused | null {
  if (request.headers.authorization !== undefined) {
    return { status: 401, code: 'InvalidAuthenticationInfo', message: 'No token belongs on this request.' };
  }
  const { pathname, searchParams } = new URL(request.url, 'http://storage');
  const verdict = world.signer.check(pathname, permission, searchParams);
  if (verdict === 'good') return null;
  return { status: 403, code: 'AuthenticationFailed', message: `The signature is ${verdict}.` };
}

/** A refused upload is read to its end, so that the sender hears the answer. */
function refuse(request: FastifyRequest, reply: FastifyReply, refused: Refused): FastifyReply {
  request.raw.resume();
  const { code, message } = refused;
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return reply.status(refused.status).type('application/xml').header('x-ms-error-code', code).send(xml);
}

async function receipt(world: World, place: Place): Promise<{ xml: Buffer; hash: string } | null> {
  const session = world.sessions.peek(place.session);
  if (session === undefined) return null;
  const page = session.upoPages.find((candidate) => candidate.referenceNumber === place.item);
  if (page !== undefined) return { xml: await world.documents.read(page.document), hash: page.hash };
  const invoice = session.invoices.find((candidate) => candidate.referenceNumber === place.item);
  return invoice === undefined ? null : invoiceUpo(session, invoice);
}
