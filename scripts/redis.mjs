// The queue's tests run on a Redis that they start themselves: this brings the binary where it is missing.
import { spawnSync } from 'node:child_process';

/** Installs redis-server as root on Debian and its kin; elsewhere says how. */
export function ensureRedis() {
  if (answers('redis-server', '--version')) return;
  if (process.getuid?.() === 0 && answers('apt-get', '--version')) {
    console.log('\nInstalling redis-server for the tests (apt-get) …');
    if (apt('install', '-y', '--no-install-recommends', 'redis-server')) return;
    apt('update');
    if (apt('install', '-y', '--no-install-recommends', 'redis-server')) return;
  }
  console.log(
    '\nredis-server is missing: the tests that need it are skipped, and fail under CI=true. ' +
      'Install it with: apt-get install -y redis-server   (macOS: brew install redis)',
  );
}

function answers(command, argument) {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { stdio: 'ignore', env }).status === 0;
}
