/** wsad login: gives a seller its credentials, or logs in with those it has, and waits for what KSeF says. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Client, Schemas } from '@wsad/client';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';

export interface LoginFlags {
  /** A file with the KSeF token; "-" is standard input. No secret is ever an argument: others on the machine see those. */
  readonly token?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly pkcs12?: string;
  readonly passphrase?: string;
  readonly shared?: string;
  /** Seconds. */
  readonly timeout: number;
}

const LOOK_EVERY_MS = 500;

export async function login(tools: Tools, nip: string, flags: LoginFlags): Promise<Ending> {
  const { client, screen, surroundings } = tools;
  const credentials = await credentialsOf(tools, flags);
  const path = { params: { path: { nip } } };
  const call =
    credentials === null
      ? client.api.POST('/v1/sellers/{nip}/login', path)
      : client.api.PUT('/v1/sellers/{nip}/credentials', { ...path, body: credentials });
  await client.answered<unknown>(call);
  const until = surroundings.clock().getTime() + flags.timeout * 1000;
  let status = await statusOf(client, nip);
  while (isOpening(status) && surroundings.clock().getTime() < until) {
    await surroundings.pause(LOOK_EVERY_MS);
    status = await statusOf(client, nip);
  }
  const { authentication, ready, reason } = status;
  const ending = endingOf(status);
  screen.tell({
    ending,
    lines: [
      `Login of ${nip}: ${authentication.state}${ready ? ', ready to send' : ''}`,
      ...(reason === null ? [] : [reason]),
    ],
    json: { nip, ready, reason, authentication },
  });
  return ending;
}

async function statusOf(client: Client, nip: string): Promise<Schemas['SellerStatus']> {
  return await client.answered(client.api.GET('/v1/sellers/{nip}/status', { params: { path: { nip } } }));
}

function isOpening({ authentication: { state } }: Schemas['SellerStatus']): boolean {
  return state === 'none' || state === 'opening' || state === 'expired';
}

function endingOf(status: Schemas['SellerStatus']): Ending {
  if (status.authentication.state === 'active') return 'done';
  return isOpening(status) ? 'underWay' : 'notAll';
}

async function credentialsOf(tools: Tools, flags: LoginFlags): Promise<Schemas['SellerCredentials'] | null> {
  const { token, certificate, pkcs12, shared } = flags;
  if ([token, certificate, pkcs12, shared].filter((one) => one !== undefined).length > 1)
    throw new UsageError('One kind of credentials: --token, --certificate, --pkcs12 or --shared.');
  if (token !== undefined) return { type: 'ksefToken', token: (await secretText(tools, token)).trim() };
  if (shared !== undefined) return { type: 'shared', name: shared };
  const passphrase = flags.passphrase === undefined ? {} : await passphraseOf(tools, flags.passphrase);
  if (pkcs12 !== undefined) {
    const bytes = await fileBytes(pkcs12);
    return { type: 'certificate', pkcs12: bytes.toString('base64'), ...passphrase };
  }
  if (certificate === undefined) return null;
  if (flags.privateKey === undefined)
    throw new UsageError('A certificate needs its key: --private-key FILE.');
  const certificatePem = (await fileBytes(certificate)).toString('utf8');
  const privateKeyPem = (await fileBytes(flags.privateKey)).toString('utf8');
  return { type: 'certificate', certificatePem, privateKeyPem, ...passphrase };
}

async function passphraseOf(tools: Tools, file: string): Promise<{ passphrase: string }> {
  return { passphrase: (await secretText(tools, file)).replace(/\r?\n$/, '') };
}

async function secretText({ surroundings: { input } }: Tools, file: string): Promise<string> {
  return file === '-' ? await text(input) : (await fileBytes(file)).toString('utf8');
}

async function fileBytes(file: string): Promise<Buffer> {
  return await readFile(file).catch((error: Error) => {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  });
}
