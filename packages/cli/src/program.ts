/** The commands of wsad and their arguments: docs/cli.md is compared with this by a test. */
import { createClient, type RetryOptions } from '@wsad/client';
import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import type { Tools } from './command.ts';
import { doctor } from './commands/doctor.ts';
import { type HeldChoice, heldInBulk, heldList, heldResolve, type Resolution } from './commands/held.ts';
import { type LoginFlags, login } from './commands/login.ts';
import { type ReportFlags, report } from './commands/report.ts';
import { type SendFlags, send } from './commands/send.ts';
import { status } from './commands/status.ts';
import { type UpoFlags, upo } from './commands/upo.ts';
import { watch } from './commands/watch.ts';
import type { Surroundings } from './environment.ts';
import { type Ending, EXIT_CODES } from './exit-codes.ts';
import { failureOf, UsageError } from './failure.ts';
import { createScreen } from './screen.ts';
import { type GlobalOptions, readSettings } from './settings.ts';

type Action = (tools: Tools) => Promise<Ending>;
type Run = (action: Action, retry?: RetryOptions) => Promise<void>;

/** The exit code. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let ending: Ending = 'done';
  const screen = createScreen(surroundings, args.includes('--json'));
  try {
    const output = {
      writeOut: (text: string) => void surroundings.out.write(text),
      writeErr: (text: string) => void (screen.isJson || surroundings.err.write(text)),
    };
    const program = createProgram(async (action, retry = {}) => {
      const settings = await readSettings(program.opts<GlobalOptions>(), surroundings.environment);
      const client = createClient({ ...settings, ...retry });
      ending = await action({ client, url: settings.url, screen, surroundings });
    }, output);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isUsage = error instanceof CommanderError;
    const failure = failureOf(isUsage ? new UsageError(error.message) : error);
    screen.drawn();
    // Commander has told people already.
    if (!isUsage || screen.isJson) screen.complain(failure);
    ending = failure.ending;
  }
  return EXIT_CODES[ending].code;
}

export function createProgram(run: Run, output: OutputConfiguration = {}): Command {
  const program = new Command('wsad')
    .description('Hands invoices to wsad and tells what became of them.')
    .option('--url <address>', 'where the API answers (WSAD_URL)')
    .option('--key-file <file>', 'file that holds the API key (WSAD_KEY_FILE, or the key itself in WSAD_KEY)')
    .option('--json', 'one line of JSON on standard output, and no progress')
    .exitOverride()
    .configureOutput(output)
    .showHelpAfterError('wsad help COMMAND tells more.');
  for (const command of [
    sendCommand,
    statusCommand,
    reportCommand,
    upoCommand,
    heldCommand,
    loginCommand,
    doctorCommand,
  ])
    program.addCommand(inheriting(program, command(run)));
  return program;
}

/** Global options are understood after the command, too. */
function inheriting(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(command, child);
  return command;
}

function patience(seconds: number): Option {
  return new Option('--timeout <seconds>', 'how long to wait').default(seconds).argParser(secondsOf);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new UsageError(`--timeout ${text}: a number of seconds.`);
  return seconds;
}

function sendCommand(run: Run): Command {
  return new Command('send')
    .description('hands in XML files, ZIP archives or whole folders, and follows them to their receipts')
    .argument('[paths...]', 'files and folders')
    .requiredOption('--nip <nip>', 'NIP of the seller')
    .option(
      '--watch <folder>',
      'sends what is put there, and moves it to sent/ or refused/ with a .json beside it',
    )
    .option('--once', 'with --watch: ends once all that is there has its verdict')
    .option('--urgent', 'sent at once, without waiting a moment for neighbours')
    .option('--offline', 'sent in offline mode')
    .option('--on-behalf', 'who issues the invoices may be another NIP')
    .option('--no-wait', 'ends once they are handed in')
    .addOption(patience(600))
    .action(async (paths: string[], flags: SendFlags & { watch?: string; once?: boolean }) => {
      if ((flags.watch === undefined) === (paths.length === 0))
        throw new UsageError('Name files or folders to send, or one folder with --watch.');
      const { watch: folder } = flags;
      await run((tools) => (folder === undefined ? send(tools, paths, flags) : watch(tools, folder, flags)));
    });
}

function statusCommand(run: Run): Command {
  return new Command('status')
    .description('tells whether a seller can send, and if not, what to do; without NIP: every seller')
    .argument('[nip]', 'NIP of the seller')
    .action((nip: string | undefined) => run((tools) => status(tools, nip)));
}

function reportCommand(run: Run): Command {
  return new Command('report')
    .description('what became of the invoices of one submission')
    .argument('<submission>', 'id that send told')
    .option('--csv', 'the list of all invoices as CSV')
    .option('--xlsx', 'the list of all invoices as a workbook')
    .option('-o, --output <file>', 'where to write the list')
    .action((id: string, flags: ReportFlags) => run((tools) => report(tools, id, flags)));
}

function upoCommand(run: Run): Command {
  return new Command('upo')
    .description("KSeF's receipt (UPO) of an invoice")
    .argument('<invoice>', 'id or KSeF number')
    .option('-o, --output <file>', 'where to write it')
    .option('--single', "the invoice's own receipt, instead of the one of its whole session")
    .addOption(patience(60))
    .action((named: string, flags: UpoFlags) => run((tools) => upo(tools, named, flags)));
}

function heldCommand(run: Run): Command {
  const bulk = (action: 'retry' | 'withdraw', description: string): Command =>
    new Command(action)
      .description(description)
      .argument('[ids...]', 'ids of invoices')
      .option('--nip <nip>', 'with --cause: all of this seller')
      .option('--cause <cause>', 'with --nip: all that this cause holds')
      .action((ids: string[], choice: HeldChoice) => run((tools) => heldInBulk(tools, action, ids, choice)));
  const list = new Command('list')
    .description('what waits for a person, why, and what to do')
    .option('--nip <nip>', 'of this seller alone')
    .action((choice: HeldChoice) => run((tools) => heldList(tools, choice)));
  return new Command('held')
    .description('invoices that wait for a person')
    .addCommand(list, { isDefault: true })
    .addCommand(bulk('retry', 'back in line, once the cause is cured'))
    .addCommand(bulk('withdraw', 'taken out for good'))
    .addCommand(
      new Command('resolve')
        .description('tells what a person found at KSeF about a doubtful duplicate')
        .argument('<id>', 'id of the invoice')
        .option('--ksef-number <number>', 'KSeF has these very bytes under this number')
        .option('--rejected', 'KSeF has another invoice of this number')
        .action((id: string, found: Resolution) => run((tools) => heldResolve(tools, id, found))),
    );
}

function loginCommand(run: Run): Command {
  return new Command('login')
    .description('gives a seller its credentials, or logs in anew with those it has')
    .argument('<nip>', 'NIP of the seller')
    .option('--token <file>', 'file with a KSeF token; - is standard input')
    .option('--certificate <file>', 'certificate in PEM, with --private-key')
    .option('--private-key <file>', 'its key in PEM')
    .option('--pkcs12 <file>', 'certificate and key as a .p12 or .pfx file')
    .option('--passphrase <file>', 'file with the passphrase of the key; - is standard input')
    .option('--shared <name>', 'credentials that serve many sellers')
    .addOption(patience(60))
    .action((nip: string, flags: LoginFlags) => run((tools) => login(tools, nip, flags)));
}

function doctorCommand(run: Run): Command {
  return (
    new Command('doctor')
      .description('looks whether everything is there that sending needs')
      // What is not there now is what it is to tell.
      .action(() => run(doctor, { retryForMs: 0 }))
  );
}
