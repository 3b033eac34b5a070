/** `npm run vault -- rotate`: everything sealed anew with VAULT_KEY; `-- forget`: what a lost key alone opened is dropped. */
import { parseArgs } from 'node:util';
import { VaultError } from '@wsad/ledger';
import { type CommandLedger, runCommand, say, withLedger } from './command.ts';

interface Options {
  readonly what: 'rotate' | 'forget';
  readonly sure: boolean;
}

function read(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false } },
  });
  const [what, ...rest] = positionals;
  if ((what !== 'rotate' && what !== 'forget') || rest.length > 0) throw new Error('either rotate or forget');
  return { what, sure: values.yes };
}

async function rotate({ ledger, actor }: CommandLedger): Promise<void> {
  const { resealed } = await ledger.rotateVaultKey(actor, new Date());
  say(`${resealed} secrets sealed anew. VAULT_KEY alone opens everything: VAULT_KEY_PREVIOUS may go.`);
}

async function forget({ ledger, actor }: CommandLedger, sure: boolean): Promise<void> {
  const { credentials, offlineCertificates, sessions } = await ledger.lookForLost();
  if (credentials + offlineCertificates + sessions === 0 && (await keyFits(ledger)))
    return say('VAULT_KEY (or VAULT_KEY_PREVIOUS) opens everything: there is nothing to forget.');
  const what = `${credentials} credentials, ${offlineCertificates} offline certificates and the keys of ${sessions} sessions under way`;
  if (!sure) {
    say(
      `Nobody can open ${what} with this VAULT_KEY. If the earlier key can still be found, set it and forget nothing.`,
    );
    throw new VaultError('nothing was forgotten: say so with npm run vault -- forget --yes');
  }
  await ledger.forgetLost(actor, new Date());
  say(`Forgotten: ${what}. Start wsad, and put the credentials of every seller again.`);
}

async function keyFits(ledger: CommandLedger['ledger']): Promise<boolean> {
  try {
    await ledger.verifyVaultKey();
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

await runCommand({
  usage: 'npm run vault -- rotate | npm run vault -- forget [--yes]',
  read,
  run: ({ what, sure }) =>
    withLedger({ made: false }, async (command) => {
      await command.ledger.refuseUnfinishedRestore();
      await command.ledger.migrate();
      await (what === 'rotate' ? rotate(command) : forget(command, sure));
    }),
});
