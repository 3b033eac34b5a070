// npm run <command>: sets the workspace up when needed, then runs the command on the workspace's own Node.
//
// The command stays in our process group. SIGTERM and SIGINT are passed on once (a Ctrl+C reaches the whole group, so
// a command may see it twice and must take both as one wish), and our exit code is the command's. Should we die
// without passing anything on, the command notices by its IPC channel: with WSAD_PARENT_IPC=1 in its environment
// it treats `process.once('disconnect', …)` as SIGTERM, and unrefs `process.channel` so as not to be kept alive by it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ensureWorkspace, node, root } from './workspace.mjs';

const commands = {
  demo: ['apps/wsad/src/demo.ts'],
  start: ['apps/wsad/src/main.ts'],
  doctor: ['apps/wsad/src/doctor.ts'],
  backup: ['apps/wsad/src/backup.ts'],
  restore: ['apps/wsad/src/restore.ts'],
  reconcile: ['apps/wsad/src/reconcile.ts'],
  vault: ['apps/wsad/src/vault.ts'],
  emulator: ['apps/emulator/src/main.ts'],
  wsad: ['packages/cli/src/main.ts'],
  bench: ['bench/main.ts'],
  chaos: ['apps/chaos/src/main.ts'],
  test: ['scripts/test.mjs'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'],
};

async function main([name, ...rest]) {
  if (name !== 'setup' && !Object.hasOwn(commands, name ?? '')) {
    console.error(`usage: npm run setup | ${Object.keys(commands).join(' | ')} [-- arguments]`);
    process.exit(2);
  }
  await ensureWorkspace();
  if (name === 'setup') return;
  const [file, ...fixed] = commands[name];
  if (!existsSync(join(root, file))) {
    console.error(`${name} is not there yet: ${file} is missing`);
    process.exit(1);
  }
  // Whoever sends files names them from where they stand.
  const cwd = name === 'wsad' ? (process.env.INIT_CWD ?? root) : root;
  start([join(root, file), ...fixed, ...(rest[0] === '--' ? rest.slice(1) : rest)], cwd);
}

function start(args, cwd) {
  const child = spawn(node, args, {
    cwd,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
      WSAD_PARENT_IPC: '1',
    },
  });
  let passedOn = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (!passedOn) child.kill(signal);
      passedOn = true;
    });
  }
  child.on('error', (error) => {
    console.error(`the workspace's Node could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

await main(process.argv.slice(2));
