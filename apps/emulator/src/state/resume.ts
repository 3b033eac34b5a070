/** Takes up again what was being worked off when the emulator ended. */
import { processBatch } from '../processing/process-batch.ts';
import { processInvoice } from '../processing/process-invoice.ts';
import { processExport } from '../retrieval/process-export.ts';
import { concludeOnline } from '../sessions/finish-online.ts';
import type { OnlineSession } from '../sessions/model.ts';
import type { World } from '../world.ts';

export function resumeWork(world: World): void {
  const { background, memory } = world;
  for (const session of memory.sessions.values()) {
    if (session.kind === 'Online') resumeOnline(world, session);
    else if (session.status.code === 150) background.start(() => processBatch(world, session));
  }
  for (const wanted of memory.exports.values()) {
    if (wanted.status.code === 100) background.start(() => processExport(world, wanted));
  }
}

function resumeOnline(world: World, session: OnlineSession): void {
  for (const record of session.invoices) {
    const { waiting } = record;
    if (waiting !== null) world.background.start(() => processInvoice(world, session, record, waiting));
  }
  concludeOnline(world, session);
}
