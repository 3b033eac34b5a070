import { randomBytes } from 'node:crypto';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newIds } from '../src/index.ts';
import { createVault, VaultError } from '../src/vault.ts';

seeded();
const KEY = Buffer.alloc(32, 1);
const vault = createVault(KEY, [], randomBytes);

describe('the vault', () => {
  it('opens what it sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (secret, row) => {
        const sealed = vault.seal('credential', row, secret);
        expect([...vault.open('credential', row, sealed)]).toEqual([...secret]);
      }),
    );
  });

  it('never seals the same twice alike', () => {
    const [one, two] = [1, 2].map(() => vault.seal('credential', 'row', Buffer.from('secret')));
    expect(one).not.toEqual(two);
  });

  it('refuses a value that was changed anywhere', () => {
    const sealed = vault.seal('credential', 'row', Buffer.from('a secret of some length'));
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => vault.open('credential', 'row', changed)).toThrow(VaultError);
    }
  });

  it('refuses a value that stands in for another row or purpose', () => {
    const sealed = vault.seal('access-token', 'row', Buffer.from('token'));
    expect(() => vault.open('access-token', 'other', sealed)).toThrow(/has been changed/);
    expect(() => vault.open('refresh-token', 'row', sealed)).toThrow(/has been changed/);
  });

  it('says plainly that VAULT_KEY is another one, and reads with an earlier key', () => {
    const sealed = vault.seal('credential', 'row', Buffer.from('token'));
    const other = Buffer.alloc(32, 2);
    expect(() => createVault(other, [], randomBytes).open('credential', 'row', sealed)).toThrow(
      /VAULT_KEY is not the key/,
    );
    const rotated = createVault(other, [KEY], randomBytes);
    expect(rotated.open('credential', 'row', sealed).toString()).toBe('token');
    const resealed = rotated.seal('credential', 'row', Buffer.from('token'));
    expect(() => vault.open('credential', 'row', resealed)).toThrow(VaultError);
  });

  it('takes a key of 32 bytes only', () => {
    expect(() => createVault(Buffer.alloc(16), [], randomBytes)).toThrow(/must be 32 bytes, not 16/);
  });

  it('knows its own version', () => {
    expect(() => vault.open('credential', 'row', Buffer.alloc(10))).toThrow(/another version/);
    expect(() => vault.open('credential', 'row', Buffer.alloc(80))).toThrow(/another version/);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that sort as they were made', () => {
    const now = new Date('2026-10-20T10:00:00.123Z');
    const ids = newIds(now, 20_000, randomBytes);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const first = ids[0]?.replaceAll('-', '').slice(0, 12) ?? '';
    expect(Number.parseInt(first, 16)).toBe(now.getTime());
  });
});
