import type { Emulator } from '@wsad/emulator';
import { openAccess, type World } from '@wsad/engine';
import { makeInvoice } from '@wsad/samples';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newSeller } from './support/sellers.ts';
import { startVirtualPath } from './support/virtual-path.ts';

const MINUTE_MS = 60_000;
const INVOICES = 6;
const OPEN = 'POST /sessions/batch';
const KEYS = 'GET /security/public-key-certificates';

/** The keys are rotated while the second upload is under way: its session is open, the next ones are not. */
function rotating(emergency: boolean): (world: World, emulator: Emulator) => World {
  let uploads = 0;
  return (world, emulator) => ({
    ...world,
    ksef: {
      ...world.ksef,
      uploadPart: async (...of) => {
        uploads += 1;
        if (uploads === 2) {
          await emulator.control.idle();
          await emulator.control.rotateKeys({ emergency });
        }
        await world.ksef.uploadPart(...of);
      },
    },
  });
}

/** Four sellers, logged in before anything is sent, in whose middle the keys are rotated. */
async function sentAmidRotation(emergency: boolean) {
  const path = await startVirtualPath({ over: rotating(emergency) });
  onTestFinished(() => path.close());
  const sellers = [newSeller(), newSeller(), newSeller(), newSeller()];
  for (const nip of sellers) {
    await path.putToken(nip, `token of ${nip}`);
    await openAccess(path.world, nip);
  }
  for (const nip of sellers) {
    const xmls = Array.from({ length: INVOICES }, (_, seed) =>
      makeInvoice({ nip, number: `FV/${seed + 1}`, issueDate: '2026-11-16', seed }),
    );
    await path.submit(nip, xmls);
  }
  await path.rest(MINUTE_MS);
  // What goes again after a failed session is due a little later, and no bell rings for it before.
  path.time.advance(MINUTE_MS);
  await path.rest(MINUTE_MS);
  const registered = path.emulator.control.registry().map(({ nip, number }) => `${nip} ${number}`);
  expect(new Set(registered).size).toBe(sellers.length * INVOICES);
  expect(registered).toHaveLength(sellers.length * INVOICES);
  const calls = path.emulator.control.calls();
  return {
    openings: calls[OPEN],
    sessions: path.emulator.control.stats().sessions.batch,
    packages: path.events.filter(({ type }) => type === 'session.packaged').length,
    keyFetches: calls[KEYS],
    held: path.events.filter(({ type }) => type === 'invoices.held').length,
  };
}

describe('keys rotated in the middle of a run of four sellers', () => {
  it('as planned, with two valid at once, cost nothing', async () => {
    expect(await sentAmidRotation(false)).toEqual({
      ...{ openings: 4, sessions: 4, packages: 4 },
      ...{ keyFetches: 1, held: 0 },
    });
  });

  it('in an emergency cost one refused opening and one session anew', async () => {
    // The second session cannot be read (415) and goes again whole; the third is refused (21470) and opened again at
    // once with the package that it has.
    expect(await sentAmidRotation(true)).toEqual({
      ...{ openings: 6, sessions: 5, packages: 5 },
      ...{ keyFetches: 3, held: 0 },
    });
  });
});
