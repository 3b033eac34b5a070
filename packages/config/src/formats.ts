/** The shapes that values in the environment take. Which variable and what it must be is said in variables.ts. */
import { isIP } from 'node:net';
import { z } from 'zod';

const VAULT_KEY_BYTES = 32;

const url = (accept: (url: URL) => boolean) =>
  z.string().refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && accept(parsed);
  });

const hasScheme =
  (...schemes: string[]) =>
  ({ protocol, hostname }: URL): boolean =>
    schemes.includes(protocol.slice(0, -1)) && hostname !== '';

export const databaseUrl = url(hasScheme('postgres', 'postgresql'));
export const queueUrl = url(hasScheme('redis', 'rediss', 'postgres', 'postgresql'));

export const ksefBaseUrl = url(
  (address) =>
    (address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address.hostname))) &&
    address.pathname.endsWith('/v2') &&
    address.search === '' &&
    address.hash === '' &&
    address.username === '',
);

/** `off`, or where the status service is; without a trailing slash. */
export const latarniaUrl = z.union([
  z.literal('off'),
  url(
    ({ protocol, hostname, search, hash, username }) =>
      (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
      search + hash + username === '',
  ).transform((text) => text.replace(/\/+$/, '')),
]);

/** Without a trailing slash. Its user would be a secret, and shown. */
export const collectorUrl = url(
  ({ protocol, hostname, search, hash, username }) =>
    ['http:', 'https:'].includes(protocol) && hostname !== '' && search + hash + username === '',
).transform((text) => text.replace(/\/+$/, ''));

/** Of all, from none to all. */
export const share = z
  .string()
  .regex(/^(0|1|[01]?\.\d{1,9})$/)
  .transform(Number)
  .refine((value) => value <= 1);

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

export function integer(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
}

export const port = integer(0, 65_535);
export const path = z.string().refine((text) => !text.includes('\0'));
export const label = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
/** Hosts as URL writes them. */
export const hostList = z.string().transform((text, context) => {
  const hosts = text.split(',').map((host) => host.trim());
  if (hosts.every((host) => URL.parse(`http://${host}/`)?.host === host)) return hosts;
  context.addIssue({ code: 'custom', message: 'not a list of hosts' });
  return z.NEVER;
});
/** Addresses, or networks such as 10.0.0.0/8; never everybody. */
export const networkList = z.string().transform((text, context) => {
  const networks = text.split(',').map((network) => network.trim());
  if (networks.every(isNetwork)) return networks;
  context.addIssue({ code: 'custom', message: 'not a list of networks' });
  return z.NEVER;
});

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const bitsMost = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return bitsMost > 0 && Number(bits ?? bitsMost) <= bitsMost;
}

/** It travels in an HTTP header. */
export const adminToken = z.string().regex(/^[\x21-\x7e]+$/);

/** Decoded; Node's own decoder would pass over what is no base64. */
export const vaultKey = z.string().transform((text, context) => {
  const key = Buffer.from(text, 'base64');
  if (key.length === VAULT_KEY_BYTES && key.toString('base64') === text) return key;
  context.addIssue({ code: 'custom', message: 'not 32 bytes in base64' });
  return z.NEVER;
});
