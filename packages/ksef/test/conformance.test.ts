import { KSEF_OPERATIONS } from '@wsad/domain';
import { describeWithOfficialFiles, testCertificate } from '@wsad/testkit';
import { expect, it } from 'vitest';
import {
  ACCESS_TOKEN,
  BATCH_REQUEST,
  CREDENTIAL,
  happyKsef,
  INVOICE,
  KSEF_NUMBER,
  LOGIN_REFERENCE,
  ONLINE,
  REFRESH_TOKEN,
  SESSION,
} from './support/happy-ksef.ts';
import type { Reply, Seen } from './support/scripted-server.ts';
import { loadSpecification } from './support/specification.ts';
import { byRoute, NIP, startWorld } from './support/world.ts';

describeWithOfficialFiles('under the official specification', ({ root }) => {
  const specification = loadSpecification(root);

  it('every request is right, and so are the answers that the tests work with', async () => {
    const happy = byRoute(happyKsef());
    const exchanged: { seen: Seen; reply: Reply }[] = [];
    const { client, pacer } = await startWorld(async (seen) => {
      const reply = await happy(seen);
      exchanged.push({ seen, reply });
      return reply;
    });
    await client.login(NIP, CREDENTIAL);
    await client.login(NIP, { id: 'credential-2', type: 'certificate', ...(await testCertificate()) });
    await client.refresh(NIP, REFRESH_TOKEN);
    await client.rateLimits(NIP, ACCESS_TOKEN);
    await client.authSessions(NIP, ACCESS_TOKEN);
    await client.revokeAuthSession(NIP, ACCESS_TOKEN, LOGIN_REFERENCE);
    await client.revokeAuthSession(NIP, ACCESS_TOKEN, 'current');
    await client.attachmentConsent(NIP, ACCESS_TOKEN);
    await client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST);
    await client.closeBatch(NIP, ACCESS_TOKEN, SESSION);
    await client.openOnline(NIP, ACCESS_TOKEN, BATCH_REQUEST);
    await client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, { ...INVOICE, correctedSha256: INVOICE.sha256 });
    await client.closeOnline(NIP, ACCESS_TOKEN, ONLINE);
    const time = { openedFrom: new Date(0), openedUntil: new Date(), pagesMax: 1 };
    for (const kind of ['batch', 'interactive'] as const)
      await client.listSessions(NIP, ACCESS_TOKEN, { kind, ...time });
    await client.sessionStatus(NIP, ACCESS_TOKEN, SESSION);
    for (const which of ['all', 'failed'] as const)
      for await (const _ of client.sessionInvoices(NIP, ACCESS_TOKEN, SESSION, which));
    await client.invoiceUpo(NIP, ACCESS_TOKEN, SESSION, KSEF_NUMBER);
    await client.downloadInvoice(NIP, ACCESS_TOKEN, KSEF_NUMBER);
    const wrong = exchanged.flatMap(({ seen, reply }) => [
      ...specification.request(seen),
      ...specification.answer(seen, reply),
    ]);
    expect(wrong).toEqual([]);
    const called = pacer.taken.map(({ operation }) => operation);
    expect([...new Set(called)].sort()).toEqual(Object.keys(KSEF_OPERATIONS).sort());
  });

  it('the judge finds faults', () => {
    const seen: Seen = {
      method: 'POST',
      path: '/v2/sessions/online',
      headers: {},
      body: Buffer.from('{"x":1}'),
    };
    expect(specification.request(seen)).toHaveLength(2);
    expect(specification.request({ ...seen, path: '/v2/sessions/unknown/call' })).toHaveLength(1);
    expect(specification.answer(seen, { status: 201, json: {} })).toHaveLength(1);
  });
});
