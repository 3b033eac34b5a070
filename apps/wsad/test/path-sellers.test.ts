import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Session } from './support/api-client.ts';
import { consentToAttachments } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { inOlderForm, invoicesOf, newSeller } from './support/sellers.ts';
import { describeOnBoth } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

/** What went together: `batch 6`, or `interactive 2 FA (2)` for the older form. */
function told(sessions: readonly Session[]): string[] {
  return sessions
    .map(({ kind, counts, form }) => `${kind} ${counts.invoices}${form === 'FA (3)' ? '' : ` ${form}`}`)
    .sort();
}

function manySellers(queue: QueueKind): void {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, workers: 2, pollers: 2, lingerMs: 50, wire });
  });
  afterAll(() => system.close());

  it('sends six and more of a seller as one batch session and five and fewer interactively', async () => {
    const { api, emulator } = system;
    const counts = [1, 5, 6, 7, 2, 30, 5, 6, 3, 4, 12, 20];
    const sellers = counts.map((count) => {
      const nip = newSeller();
      return { nip, count, entries: invoicesOf(nip, count, 'FV') };
    });
    await Promise.all(sellers.map(({ nip }) => api.putToken(nip)));
    const answers = await Promise.all(sellers.map(({ nip, entries }) => api.submit(nip, entries)));
    await Promise.all(answers.map(({ submissionId }) => api.atRest(submissionId)));
    const sessions = await Promise.all(sellers.map(({ nip }) => api.sessions(nip)));
    expect(sessions.map(told)).toEqual(
      counts.map((count) => [`${count > 5 ? 'batch' : 'interactive'} ${count}`]),
    );
    for (const { nip, entries } of sellers) await expectRegisteredOnce(system, nip, entries);
    expect(emulator.control.stats()).toMatchObject({ rateLimited: 0, registered: 101 });
  });

  it('sends attachments as a batch and their few plain neighbours interactively', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = [...invoicesOf(nip, 3, 'P'), ...invoicesOf(nip, 2, 'Z', { attachment: true })];
    await consentToAttachments(system, nip);
    await api.putToken(nip);
    await api.atRest((await api.submit(nip, entries)).submissionId);
    expect(told(await api.sessions(nip))).toEqual(['batch 2', 'interactive 3']);
    await expectRegisteredOnce(system, nip, entries);
  });

  it('sends attachments and plain neighbours in one batch where they are more than five', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = [...invoicesOf(nip, 5, 'P'), ...invoicesOf(nip, 1, 'Z', { attachment: true })];
    await consentToAttachments(system, nip);
    await api.putToken(nip);
    await api.atRest((await api.submit(nip, entries)).submissionId);
    expect(told(await api.sessions(nip))).toEqual(['batch 6']);
    await expectRegisteredOnce(system, nip, entries);
  });

  it('counts each form for itself: four and four go interactively, six of the older as a batch', async () => {
    const { api } = system;
    const [few, many] = [newSeller(), newSeller()];
    const mixed = [...invoicesOf(few, 4, 'N'), ...invoicesOf(few, 4, 'O').map(inOlderForm)];
    const older = invoicesOf(many, 6, 'O').map(inOlderForm);
    await Promise.all([api.putToken(few), api.putToken(many)]);
    const answers = await Promise.all([api.submit(few, mixed), api.submit(many, older)]);
    await Promise.all(answers.map(({ submissionId }) => api.atRest(submissionId)));
    expect(told(await api.sessions(few))).toEqual(['interactive 4', 'interactive 4 FA (2)']);
    expect(told(await api.sessions(many))).toEqual(['batch 6 FA (2)']);
    await expectRegisteredOnce(system, few, mixed);
    await expectRegisteredOnce(system, many, older);
  });
}

function gathering(queue: QueueKind): void {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, lingerMs: 60_000, wire });
  });
  afterAll(() => system.close());

  it('gathers what comes in small calls into one batch as soon as there are six', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = invoicesOf(nip, 6, 'FV');
    await api.putToken(nip);
    const calls = [entries.slice(0, 2), entries.slice(2, 4), entries.slice(4)];
    const answers = await Promise.all(calls.map((invoices) => api.submit(nip, invoices)));
    await Promise.all(answers.map(({ submissionId }) => api.atRest(submissionId)));
    expect(told(await api.sessions(nip))).toEqual(['batch 6']);
    await expectRegisteredOnce(system, nip, entries);
  });

  it('lets few wait for neighbours, and sends what is urgent at once', async () => {
    const { api } = system;
    const [patient, urgent] = [newSeller(), newSeller()];
    await Promise.all([api.putToken(patient), api.putToken(urgent)]);
    const waiting = await api.submit(patient, invoicesOf(patient, 2, 'FV'));
    const entries = invoicesOf(urgent, 2, 'FV');
    await api.atRest((await api.submit(urgent, entries, '?urgent=true')).submissionId);
    expect(told(await api.sessions(urgent))).toEqual(['interactive 2']);
    await expectRegisteredOnce(system, urgent, entries);
    expect((await api.submission(waiting.submissionId)).byState).toEqual({ accepted: 2 });
    system.advance(61_000);
    await api.atRest(waiting.submissionId);
    expect(told(await api.sessions(patient))).toEqual(['interactive 2']);
  });
}

describeOnBoth('many sellers at once', manySellers);
describeOnBoth('small calls', gathering);
describeWire(wire);
