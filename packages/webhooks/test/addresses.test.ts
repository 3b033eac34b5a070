import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublic } from '../src/addresses.ts';
import { urlRefusal } from '../src/index.ts';

seeded();

const PRIVATE = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://0.0.0.0/',
  'https://10.1.2.3/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://192.0.0.1/',
  'https://192.0.2.1/',
  'https://198.18.0.1/',
  'https://203.0.113.1/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:0:10.0.0.1]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[100::1]/',
];

const WRONG = [
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'example.com',
  '',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://example.com/#fragment',
];

describe('the address of a webhook', () => {
  it.each([...PRIVATE, ...WRONG])('may not be %s', (url) => {
    expect(urlRefusal(url, [])).not.toBeNull();
  });

  it.each([
    'https://example.com/',
    'https://example.com:8443/hook?of=us',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('may be %s', (url) => {
    expect(urlRefusal(url, [])).toBeNull();
  });

  it('may be of a host that the operator named, and of none that only looks like it', () => {
    const named = ['127.0.0.1', 'saas.internal', '[::1]'];
    for (const url of ['http://127.0.0.1:3000/', 'https://saas.internal/', 'http://[::1]/', 'http://127.1/'])
      expect(urlRefusal(url, named)).toBeNull();
    for (const url of [
      'http://127.0.0.2/',
      'http://x.saas.internal/',
      'ftp://saas.internal/',
      'http://saas.internal@evil/',
    ])
      expect(urlRefusal(url, named)).not.toBeNull();
  });
});

describe('an address within another', () => {
  it('is judged as what it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublic(`::ffff:${address}`)).toBe(isPublic(address));
      }),
    );
  });

  it('of a private IPv4 network is private', () => {
    const tail = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.constantFrom('10', '127', '0', '224', '255'), tail, (head, rest) => {
        expect(isPublic(`${head}.${rest}`)).toBe(false);
      }),
    );
  });
});
