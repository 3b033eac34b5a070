/** wsad send --watch: sends what is put into a folder, and puts it where one sees what became of it. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { batchesOf } from '../send/batches.ts';
import { isInvoiceOrArchive } from '../send/collect.ts';
import { advance, type Placed } from '../watch/advance.ts';
import { batchKeys, type CallOptions, claim, openFolders } from '../watch/batch-folder.ts';
import { createRestWatch, type Look, type RestWatch } from '../watch/rested.ts';

export interface WatchFlags {
  readonly nip: string;
  readonly offline?: boolean;
  readonly urgent?: boolean;
  readonly onBehalf?: boolean;
  /** Ends once the folder is empty and nothing is under way. */
  readonly once?: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** A file that stays as it is for so long is whole. */
const REST_MS = 2_000;

export async function watch(tools: Tools, root: string, flags: WatchFlags): Promise<Ending> {
  const { screen, surroundings } = tools;
  const rest = createRestWatch(REST_MS);
  await openFolders(root);
  screen.remark(`Watching ${root}; stop with Ctrl-C.`);
  let ending: Ending = 'done';
  while (!surroundings.signal.aborted) {
    const isLeft = await takeIn(tools, root, flags, rest);
    for await (const placed of advanceAll(tools, root)) {
      if (placed.outcome === 'refused') ending = 'notAll';
      tell(tools, placed);
    }
    if (flags.once === true && !isLeft && (await batchKeys(root)).length === 0) return ending;
    await surroundings.pause(LOOK_EVERY_MS).catch(() => {});
  }
  return 'done';
}

/** Claims what is whole; true while anything else is there. */
async function takeIn(
  { surroundings }: Tools,
  root: string,
  flags: WatchFlags,
  rest: RestWatch,
): Promise<boolean> {
  const looks = await look(root);
  const rested = new Set(rest.rested(looks, surroundings.clock().getTime()));
  for (const batch of batchesOf(looks.filter(({ name }) => rested.has(name))))
    await claim(
      root,
      batch.map(({ name }) => name),
      callOf(flags),
    );
  return looks.length > rested.size;
}

async function look(root: string): Promise<Look[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && isInvoiceOrArchive(entry.name))
    .map(({ name }) => name);
  const looks: Look[] = [];
  for (const name of names.sort()) {
    // It may have been taken away again.
    const facts = await stat(join(root, name)).catch(() => null);
    if (facts !== null) looks.push({ name, sizeBytes: facts.size, modifiedMs: facts.mtimeMs });
  }
  return looks;
}

function callOf({ nip, offline, urgent, onBehalf }: WatchFlags): CallOptions {
  return { nip, offline: offline === true, urgent: urgent === true, onBehalf: onBehalf === true };
}

/** Whoever is away comes back: only a key that is refused ends the watch. */
async function* advanceAll({ client, screen, surroundings }: Tools, root: string): AsyncGenerator<Placed> {
  for (const key of await batchKeys(root)) {
    try {
      yield* advance(client, root, key, surroundings.signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.ending === 'keyRefused') throw error;
      screen.remark(`${failure.detail} It is tried again.`);
    }
  }
}

function tell({ screen }: Tools, { file, outcome, path }: Placed): void {
  const isSent = outcome === 'sent';
  const word = screen.paint(isSent ? 'green' : 'red', outcome);
  screen.tell({
    ending: isSent ? 'done' : 'notAll',
    lines: [`${word} ${file}`],
    json: { file, outcome, path },
  });
}
