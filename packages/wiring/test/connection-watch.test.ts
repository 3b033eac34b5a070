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
