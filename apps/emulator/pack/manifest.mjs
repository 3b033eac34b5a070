/**
 * Lends `npm pack` a package.json that stands outside of the workspace: built entry points, and the versions that are
 * installed here in place of the catalog's. `take` puts it in place, `back` returns the workspace's own.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const folder = path.resolve(import.meta.dirname, '..');
const manifest = path.join(folder, 'package.json');
const kept = path.join(folder, 'package.workspace.json');

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

function take() {
  const {
    dependencies,
    devDependencies: _tools,
    scripts: _scripts,
    exports: _sources,
    ...rest
  } = read(manifest);
  const installed = Object.keys(dependencies).map((name) => [
    name,
    read(path.join(folder, 'node_modules', name, 'package.json')).version,
  ]);
  const standalone = {
    ...rest,
    exports: { '.': './dist/index.js', './openapi-guard': './dist/openapi-guard.js' },
    dependencies: Object.fromEntries(installed),
  };
  renameSync(manifest, kept);
  writeFileSync(manifest, `${JSON.stringify(standalone, null, 2)}\n`);
}

function back() {
  if (existsSync(kept)) renameSync(kept, manifest);
}

// An interrupted run has left the workspace's manifest aside: it comes back first.
back();
if (process.argv[2] === 'take') take();
