/** A host is looked up once, judged, and connected to at the very addresses that were judged. */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Agent } from 'undici';
import { isNamed, isPublic, literalOf } from './addresses.ts';

/** All addresses of a host, as the system knows them. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** It leads where webhooks must not go. */
export class AddressRefused extends Error {
  constructor() {
    super('its address is private or reserved');
    this.name = 'AddressRefused';
  }
}

export interface PinnedOptions {
  readonly resolve: Resolve;
  readonly namedHosts: readonly string[];
  readonly timeoutMs: number;
}

/** For one exchange with one host; throws AddressRefused where any of its addresses is none to go to. */
export async function pinnedAgent(
  url: URL,
  { resolve, namedHosts, timeoutMs }: PinnedOptions,
): Promise<Agent> {
  const literal = literalOf(url);
  const addresses = literal === null ? await resolve(url.hostname) : [addressOf(literal)];
  if (addresses.length === 0) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
  if (!isNamed(url, namedHosts) && !addresses.every(({ address }) => isPublic(address)))
    throw new AddressRefused();
  return new Agent({
    allowH2: false,
    connections: 1,
    connect: { timeout: timeoutMs, lookup: lookupOf(addresses) },
    headersTimeout: timeoutMs,
  });
}

function addressOf(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function lookupOf(addresses: readonly LookupAddress[]) {
  return (_host: string, options: LookupOptions, found: Found): void => {
    const [first] = addresses;
    if (options.all === true) found(null, [...addresses]);
    else if (first !== undefined) found(null, first.address, first.family);
  };
}
