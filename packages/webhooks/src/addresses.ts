/** Where a webhook may go: public addresses over TLS, and hosts that the operator named. */
import ipaddr from 'ipaddr.js';

/** Why a webhook may not go to this address, in words for the person who gave it; null where it may. */
export function urlRefusal(text: string, namedHosts: readonly string[]): string | null {
  const url = URL.parse(text);
  if (url === null) return 'is no address';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
  if (url.hash !== '') return 'must not have a fragment (#)';
  if (isNamed(url, namedHosts)) return /^https?:$/.test(url.protocol) ? null : 'must begin with https://';
  if (url.protocol !== 'https:') return 'must begin with https://';
  const literal = literalOf(url);
  return literal === null || isPublic(literal) ? null : 'leads to a private or reserved address';
}

/** Of a host that the operator named nothing more is asked. */
export function isNamed({ hostname }: URL, namedHosts: readonly string[]): boolean {
  return namedHosts.includes(hostname);
}

/** The address itself, where the host is one; URL has brought every way to write it into one form. */
export function literalOf({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

/** One that anybody on the internet may have; an IPv4 address within an IPv6 one is judged as what it is. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GIVEN_OUT);
}

/** All that is given out of IPv6 (RFC 4291): what lies outside is none of anybody's, or an old way to write IPv4. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');
