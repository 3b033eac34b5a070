/** Which addresses wsad lets KSeF (or whoever answers in its place) send it to. */
import { BlockList, isIP } from 'node:net';
import { KsefFault } from '@wsad/domain';

/** Checked and without a trailing slash. Throws a plain Error: a wrong address is a fault of the configuration. */
export function baseAddress(baseUrl: string): { url: string; loopback: boolean } {
  const url = new URL(baseUrl);
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:'))
    throw new Error('the address of KSeF must be https (plain http is for loopback alone)');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error('the address of KSeF must hold no user, query or fragment');
  return { url: url.href.replace(/\/+$/, ''), loopback };
}

/**
 * An address that KSeF gave for a transfer. Real KSeF gives public https addresses; anything else would let a forged
 * answer aim wsad at the network it runs in. Only a KSeF on this very machine (an emulator) may give others.
 */
export function transferAddress(operation: string, address: string, baseIsLoopback: boolean): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const why = url === null ? 'it is no address' : objection(url, baseIsLoopback);
  if (url !== null && why === null) return url;
  throw new KsefFault('stop', {
    operation,
    status: null,
    code: null,
    description: `the address that KSeF gave is refused: ${why}`,
    details: [],
    retryAfterMs: null,
    mayHaveWorked: false,
  });
}

function objection(url: URL, baseIsLoopback: boolean): string | null {
  if (url.username !== '' || url.password !== '') return 'it names a user';
  if (baseIsLoopback && isLoopback(url.hostname) && url.protocol === 'http:') return null;
  if (url.protocol !== 'https:') return 'it is not https';
  if (!baseIsLoopback && !isPublicHost(url.hostname)) return 'its host is not a public one';
  return null;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) === 4) return !NOT_PUBLIC.check(host, 'ipv4');
  // Storage of KSeF has names; an IPv6 literal has too many ways to say a private address.
  if (isIP(host) === 6) return false;
  return host.includes('.') && !/\.(localhost|local|internal|lan|home|corp|arpa|test|invalid)$/i.test(host);
}

const NOT_PUBLIC = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv4');
