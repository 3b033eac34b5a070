// Sets the workspace up when it is not: the only thing assumed is Node >= 20 with npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const node = join(root, 'node_modules', 'node', 'bin', 'node');

const stamp = join(root, 'node_modules', '.wsad-setup');
const lock = join(root, 'node_modules', '.wsad-setup.lock');

const dashboard = join(root, 'apps', 'dashboard');

/** What is missing, or older than its sources: libraries and the built dashboard. Some milliseconds otherwise. */
export async function ensureWorkspace() {
  if (isSetUp() && isDashboardBuilt()) return;
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  await takeLock();
  try {
    if (!isSetUp()) await install();
    if (!isDashboardBuilt()) await buildDashboard();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isSetUp() {
  return existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp();
}

function wantedStamp() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of manifests()) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function manifests() {
  return ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageManifests()];
}

/** The package.json of every app and package, relative to the root, in a fixed order. */
export function packageManifests() {
  return ['apps', 'packages']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`))
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

/** The package manager's name and exact version, as npx wants it. */
export function packageManager() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
}

async function install() {
  const startedAt = Date.now();
  console.log('Setting the workspace up (about a minute the first time) …');
  const pnpm = ['-y', '-p', 'node@24', '-p', packageManager(), 'pnpm'];
  const { code, output } = await quietly('npx', [
    ...pnpm,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ]);
  if (code !== 0 || !existsSync(node)) {
    console.error(output.trimEnd());
    console.error(
      'The workspace could not be set up, see above. It needs the npm registry; try again with: npm run setup',
    );
    process.exit(1);
  }
  writeFileSync(stamp, wantedStamp());
  console.log(`Workspace ready in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** Newer than every source of its own and of the typed client; an image has it built, and no sources. */
function isDashboardBuilt() {
  if (!existsSync(join(dashboard, 'index.html'))) return true;
  const index = join(dashboard, 'dist', 'index.html');
  return existsSync(index) && statSync(index).mtimeMs >= newestOf(dashboardSources());
}

function dashboardSources() {
  const folders = [
    ...['src', 'public'].map((name) => join(dashboard, name)),
    join(root, 'packages', 'client', 'src'),
  ].filter((folder) => existsSync(folder));
  const inFolders = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  const alone = ['index.html', 'vite.config.ts', 'package.json'].map((name) => join(dashboard, name));
  return [...inFolders, ...alone, join(root, 'pnpm-lock.yaml')];
}

function newestOf(files) {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

async function buildDashboard() {
  console.log('Building the dashboard …');
  const vite = join(dashboard, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code, output } = await quietly(node, [vite, 'build', dashboard]);
  if (code === 0) return;
  console.error(output.trimEnd());
  console.error('The dashboard could not be built, see above. Try again with: npm run setup');
  process.exit(1);
}

function quietly(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Two commands on a fresh clone at once: one installs, the other waits. A dead holder's lock is taken over. */
async function takeLock() {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(holder())) rmSync(lock, { force: true });
    else await delay(250);
  }
}

function holder() {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
