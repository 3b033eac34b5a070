/** Somebody else who sends for the same seller: another program with another token, of which wsad knows nothing. */
import { randomBytes } from 'node:crypto';
import { encryptInvoice } from '@wsad/archive';
import { LOOKS_TO_SPARE, type Pacer } from '@wsad/domain';
import { createKsefClient } from '@wsad/ksef';
import { sha256Of } from './sellers.ts';
import type { System } from './system.ts';

const unhurried: Pacer = {
  take: async () => ({ answered: async () => {} }),
  refused: async () => {},
  looksLeft: () => LOOKS_TO_SPARE,
};

/** Registers the invoice interactively and answers its KSeF number. */
export async function registerElsewhere(
  { emulator, now }: System,
  nip: string,
  xml: string,
): Promise<string> {
  const baseUrl = `${emulator.url}/v2`;
  const ksef = createKsefClient({ baseUrl, pacer: unhurried, clock: now, emit: () => {} });
  try {
    const token = `another token of ${nip}`;
    const { accessToken } = await ksef.login(nip, { id: 'elsewhere', type: 'ksefToken', token });
    const packageKey = { key: randomBytes(32), iv: randomBytes(16) };
    const { reference } = await ksef.openOnline(nip, accessToken, { form: 'FA (3)', ...packageKey });
    const invoice = encryptInvoice(Buffer.from(xml), packageKey);
    await ksef.sendInvoice(nip, accessToken, reference, { ...invoice, mode: 'online' });
    await ksef.closeOnline(nip, accessToken, reference);
  } finally {
    await ksef.close();
  }
  await emulator.control.idle();
  const registered = emulator.control.registry().find(({ sha256 }) => sha256 === sha256Of(xml));
  if (registered === undefined) throw new Error('KSeF did not take the invoice sent elsewhere');
  return registered.ksefNumber;
}

/** What the taxpayer does at the tax office: from now on KSeF takes invoices with attachments. */
export async function consentToAttachments(
  { emulator }: Pick<System, 'emulator'>,
  nip: string,
): Promise<void> {
  await arrange(emulator.url, '/testdata/attachment', { nip });
}

export async function blockContext({ emulator }: System, nip: string, blocked: boolean): Promise<void> {
  const path = `/testdata/context/${blocked ? 'block' : 'unblock'}`;
  await arrange(emulator.url, path, { contextIdentifier: { type: 'Nip', value: nip } });
}

async function arrange(url: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/v2${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}
