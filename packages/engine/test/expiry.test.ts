import type { RunningOut, WsadEvent } from '@wsad/domain';
import { expect, it } from 'vitest';
import { type Ledger, warnOfExpiry } from '../src/index.ts';

const NOW = new Date('2026-10-20T10:00:00Z');
const DAY_MS = 86_400_000;

it('warns thirty days ahead of every certificate that the ledger names', async () => {
  const asked: Date[] = [];
  const end = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
  const certificates: RunningOut[] = [
    { nip: '5265877635', sharedName: null, use: 'login', validTo: end(29.5) },
    { nip: null, sharedName: 'integrator', use: 'login', validTo: end(-0.5) },
    { nip: '5265877635', sharedName: null, use: 'offline', validTo: end(1) },
  ];
  const events: WsadEvent[] = [];
  const ledger: Pick<Ledger, 'certificatesRunningOut'> = {
    certificatesRunningOut: async (...dates) => {
      asked.push(...dates);
      return certificates;
    },
  };
  await warnOfExpiry({ ledger, clock: () => NOW, emit: (event) => events.push(event) });
  expect(asked).toEqual([NOW, end(30)]);
  const warning = { type: 'credential.expiring' };
  expect(events).toEqual([
    { ...warning, nip: '5265877635', sharedName: null, use: 'login', expiresInDays: 29 },
    { ...warning, nip: null, sharedName: 'integrator', use: 'login', expiresInDays: -1 },
    { ...warning, nip: '5265877635', sharedName: null, use: 'offline', expiresInDays: 1 },
  ]);
});
