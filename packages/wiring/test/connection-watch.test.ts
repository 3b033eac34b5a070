import type { WsadEvent } from '@wsad/domain';
import { expect, it } from 'vitest';
import { watchConnection } from '../src/connection-watch.ts';

const NOW = new Date('2026-10-20T10:00:00Z');

it('keeps what KSeF announces, and passes every event on', async () => {
  const kept: [string, Date][] = [];
  const passedOn: WsadEvent[] = [];
  const ledger = {
    recordConnection: async () => {},
    recordKsefClock: async () => {},
    recordSystemWarning: async (text: string, at: Date) => void kept.push([text, at]),
  };
  const watch = watchConnection(
    (event) => passedOn.push(event),
    ledger,
    () => NOW,
  );
  const event: WsadEvent = { type: 'ksef.warned', operation: 'openBatch', text: '[10]: Przerwa' };
  watch.emit(event);
  await watch.close();
  expect(kept).toEqual([['[10]: Przerwa', NOW]]);
  expect(passedOn).toEqual([event]);
});

it('writes a success down now and then, and at once where the clock was put back', async () => {
  const written: Date[] = [];
  let now = NOW;
  const ledger = {
    recordConnection: async (_ok: boolean, _ms: number | null, _error: string | null, at: Date) =>
      void written.push(at),
    recordKsefClock: async () => {},
    recordSystemWarning: async () => {},
  };
  const watch = watchConnection(
    () => {},
    ledger,
    () => now,
  );
  const call: WsadEvent = {
    type: 'ksef.called',
    operation: 'openBatch',
    nip: null,
    status: 201,
    durationMs: 5,
  };
  watch.emit(call);
  watch.emit(call);
  now = new Date(NOW.getTime() - 3_600_000);
  watch.emit(call);
  await watch.close();
  expect(written).toEqual([NOW, now]);
});
