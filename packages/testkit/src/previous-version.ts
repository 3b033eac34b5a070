/** The version before this one, out of the history: what a rolling upgrade runs beside ours. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { describeWhere } from './official-files.ts';
import { repoRoot } from './repo-root.ts';

const schema = z.object({
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** The last one that it knows: those after it must be additive. */
  lastMigration: z.string(),
});

export type PreviousVersion = z.infer<typeof schema>;

/** The one place where it is named is packages/ledger/previous-version.json: set anew with each release. */
export function previousVersion(): PreviousVersion {
  const path = join(repoRoot, 'packages/ledger/previous-version.json');
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** A suite that runs the version before: skipped by name where a shallow clone lacks it, failing there under CI=true. */
export function describeWithPreviousVersion(name: string, suite: (previous: PreviousVersion) => void): void {
  const find = (): PreviousVersion | null => {
    const previous = previousVersion();
    const { status } = git('cat-file', '-e', `${previous.commit}^{commit}`);
    if (status === 0) return previous;
    if (process.env.CI !== 'true') return null;
    throw new Error(`the history lacks ${previous.commit}: fetch it whole (git fetch --unshallow)`);
  };
  describeWhere(name, 'version before this one in the history', find, suite);
}

export interface PreviousTree {
  /** Its packages and apps, ready to run. */
  readonly root: string;
  remove(): Promise<void>;
}

/** Takes it out of the history into a temporary folder, with the libraries of this workspace. */
export async function checkOut({ commit }: PreviousVersion): Promise<PreviousTree> {
  const root = await mkdtemp(join(tmpdir(), 'wsad-previous-'));
  const { stdout } = git('archive', commit, 'package.json', 'apps', 'packages');
  const { status } = spawnSync('tar', ['-x', '-C', root], { input: stdout });
  if (status !== 0) throw new Error(`${commit} could not be taken out of the history`);
  const folders = await workspaceFolders(root);
  const ours = new Map(
    await Promise.all(folders.map(async (folder) => [await nameOf(root, folder), folder] as const)),
  );
  for (const folder of folders) await linkDependencies(root, folder, ours);
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

async function workspaceFolders(root: string): Promise<string[]> {
  const within = async (group: string) => (await readdir(join(root, group))).map((name) => join(group, name));
  return [...(await within('packages')), ...(await within('apps'))];
}

const manifest = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

async function manifestOf(root: string, folder: string): Promise<z.infer<typeof manifest>> {
  return manifest.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')));
}

async function nameOf(root: string, folder: string): Promise<string> {
  return (await manifestOf(root, folder)).name;
}

/** Its own packages are its own; libraries are those that this workspace has for the same package. */
async function linkDependencies(
  root: string,
  folder: string,
  ours: ReadonlyMap<string, string>,
): Promise<void> {
  const { dependencies } = await manifestOf(root, folder);
  for (const name of Object.keys(dependencies)) {
    const own = ours.get(name);
    const target = own === undefined ? libraryOf(folder, name) : join(root, own);
    const link = join(root, folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}

function libraryOf(folder: string, name: string): string {
  const path = join(repoRoot, folder, 'node_modules', name);
  if (existsSync(path)) return realpathSync(path);
  throw new Error(`the version before needs ${name} in ${folder}, which this workspace no longer has`);
}

function git(...args: string[]) {
  return spawnSync('git', args, { cwd: repoRoot, maxBuffer: 1 << 28 });
}
