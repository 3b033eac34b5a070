import { inspect } from 'node:util';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KsefClient } from '../src/index.ts';
import {
  ACCESS_TOKEN,
  BATCH_REQUEST,
  CREDENTIAL,
  happyKsef,
  INVOICE,
  KSEF_NUMBER,
  LOGIN_TOKEN,
  ONLINE,
  REFRESH_TOKEN,
  SESSION,
} from './support/happy-ksef.ts';
import type { Reply, Seen } from './support/scripted-server.ts';
import { byRoute, KEYS, NIP, startWorld } from './support/world.ts';

seeded();
const SIGNATURE = '8mKZ-signature-of-the-address-8UeuZ';
const TOKEN_PARTS = CREDENTIAL.token.split('|').filter((part) => part !== `nip-${NIP}`);
const SECRETS = [
  ...TOKEN_PARTS,
  ACCESS_TOKEN,
  REFRESH_TOKEN,
  LOGIN_TOKEN,
  SIGNATURE,
  INVOICE.encrypted.toString('base64').slice(0, 40),
  BATCH_REQUEST.key.toString('base64'),
  BATCH_REQUEST.key.toString('hex'),
];

type Use = (client: KsefClient, origin: string) => Promise<unknown>;
const address = (origin: string) => `${origin}/v2/storage?sv=1&sig=${SIGNATURE}`;
const USES: Record<string, Use> = {
  login: (client) => client.login(NIP, CREDENTIAL),
  refresh: (client) => client.refresh(NIP, REFRESH_TOKEN),
  rateLimits: (client) => client.rateLimits(NIP, ACCESS_TOKEN),
  openBatch: (client) => client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST),
  closeBatch: (client) => client.closeBatch(NIP, ACCESS_TOKEN, SESSION),
  openOnline: (client) => client.openOnline(NIP, ACCESS_TOKEN, BATCH_REQUEST),
  sendInvoice: (client) => client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE),
  sessionStatus: (client) => client.sessionStatus(NIP, ACCESS_TOKEN, SESSION),
  sessionInvoices: async (client) => {
    for await (const _ of client.sessionInvoices(NIP, ACCESS_TOKEN, SESSION, 'all'));
  },
  downloadInvoice: (client) => client.downloadInvoice(NIP, ACCESS_TOKEN, KSEF_NUMBER),
  downloadUpo: (client, origin) => client.downloadUpo(address(origin)),
  uploadPart: (client, origin) => {
    const part = {
      sizeBytes: 4,
      open: () => new Blob(['part']).stream() as unknown as NodeJS.ReadableStream,
    };
    return client.uploadPart({ method: 'PUT', url: address(origin), headers: {} }, part);
  },
};

/** Answers that quote the whole request back in every place where an answer has words. */
const ECHOES: Record<string, (echo: string) => Reply> = {
  exception: (echo) => ({
    status: 400,
    json: {
      exception: { exceptionDetailList: [{ exceptionCode: 1, exceptionDescription: echo, details: [echo] }] },
    },
  }),
  problem: (echo) => ({ status: 401, json: { title: echo, detail: echo, reasonCode: echo, errors: [] } }),
  forbidden: (echo) => ({
    status: 403,
    json: { title: echo, security: { requiredAnyOfPermissions: [echo] }, reasonCode: echo },
  }),
  limit: (echo) => ({
    status: 429,
    json: { status: { code: 429, description: echo, details: [echo, echo] } },
  }),
  page: (echo) => ({ status: 503, body: echo, headers: { 'content-type': 'text/html' } }),
  'a success that is none': (echo) => ({ status: 200, json: { [echo]: echo } }),
  'a verdict': (echo) => ({
    status: 200,
    json: { status: { code: 450, description: echo, details: [echo] } },
  }),
  'a cut connection': () => ({ mishap: 'cut' }),
};

function echoOf(seen: Seen, padding: number): string {
  const body = seen.body.toString('utf8');
  const inLogin = seen.path.startsWith('/v2/auth/') && !seen.path.endsWith('/refresh');
  const decrypted = inLogin ? `${CREDENTIAL.token} ${encodeURIComponent(CREDENTIAL.token)}` : '';
  return `${'-'.repeat(padding)} ${inspect(seen.headers)} ${seen.path} ${body} ${decrypted}`;
}

describe('no secret', () => {
  it.each(Object.entries(USES))('is in an error or event of %s', async (_name, use) => {
    let reply: (seen: Seen) => Reply = () => ({});
    const happy = byRoute(happyKsef());
    const { client, server, events } = await startWorld((seen) => {
      const needed =
        `${seen.method} ${seen.path}` === KEYS.replace(' ', ' /v2') || seen.path.endsWith('challenge');
      return needed ? happy(seen) : reply(seen);
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(ECHOES)), fc.nat(600), async (echo, padding) => {
        reply = (seen) => echo(echoOf(seen, padding));
        const outcome = await use(client, server.origin).then(
          () => 'an answer taken as it is',
          (error: unknown) => error,
        );
        const told = inspect([outcome, events], { depth: 10, showHidden: true, maxStringLength: null });
        for (const secret of SECRETS) expect(told).not.toContain(secret);
      }),
      { numRuns: 40 },
    );
    expect(events.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(ECHOES))('is in what %s makes of a login', async (_name, echo) => {
    const happy = happyKsef();
    for (const route of Object.keys(happy).filter((name) => name.includes('/auth/'))) {
      const { client } = await startWorld({ ...happy, [route]: (seen) => echo(echoOf(seen, 3)) });
      const outcome = await client.login(NIP, CREDENTIAL).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) continue;
      const told = inspect(outcome, { depth: 10, showHidden: true, maxStringLength: null });
      for (const secret of SECRETS) expect(told).not.toContain(secret);
    }
  });
});
