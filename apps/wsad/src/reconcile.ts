/** `npm run reconcile -- --since TIME [--nip N]`: KSeF is asked for what it got since then, before anything is sent. */
import { parseArgs } from 'node:util';
import { isNip } from '@wsad/domain';
import { runCommand, say, withLedger } from './command.ts';

interface Options {
  /** Null: every seller, those that come to be known later included. */
  readonly nip: string | null;
  /** Null: it is not to be waited for any longer. */
  readonly since: Date | null;
}

function read(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nip: { type: 'string' },
      since: { type: 'string' },
      skip: { type: 'boolean', default: false },
    },
  });
  const { nip = null, since, skip } = values;
  if (nip !== null && !isNip(nip)) throw new Error('--nip is a NIP: ten digits without dashes');
  if (skip) {
    if (nip === null || since !== undefined) throw new Error('--skip goes with --nip alone');
    return { nip, since: null };
  }
  const at = new Date(since ?? '');
  if (Number.isNaN(at.getTime())) throw new Error('--since is a time, such as 2026-11-26T08:00:00Z');
  return { nip, since: at };
}

async function reconcile({ nip, since }: Options): Promise<void> {
  await withLedger({ made: false }, async ({ config, ledger, actor }) => {
    const now = new Date();
    await ledger.refuseUnfinishedRestore();
    await ledger.migrate();
    await ledger.bindEnvironment(config.ksef.environment);
    if (since !== null) {
      await ledger.askReconciliation({ nip, since, actor, now });
      return say(
        `Nothing of ${nip ?? 'any seller'} is begun until KSeF was asked for what it got since ${since.toISOString()}; a running wsad does it by itself.`,
      );
    }
    const waited = nip !== null && (await ledger.skipReconciliation({ nip, actor, now }));
    say(
      waited
        ? `${nip} sends again. What KSeF has already it will call a duplicate, and the hash decides.`
        : `nothing of ${nip} was waiting`,
    );
  });
}

await runCommand({
  usage: 'npm run reconcile -- --since TIME [--nip N] | npm run reconcile -- --nip N --skip',
  read,
  run: reconcile,
});
