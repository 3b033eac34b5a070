// Tests run on programs that wsad itself does not need: this brings those that are missing.
import { spawnSync } from 'node:child_process';

/** Each with the argument it answers to, and the package of Debian and its kin that brings it. */
const tools = [
  { command: 'redis-server', argument: '--version', brew: 'redis' },
  { command: 'xmlsec1', argument: '--version', brew: 'libxmlsec1' },
  { command: 'openssl', argument: 'version', brew: 'openssl' },
];

/** Installs what is missing as root on Debian and its kin; elsewhere says how. */
export function ensureTestTools() {
  if (missing().length === 0) return;
  if (process.getuid?.() === 0 && answers('apt-get', '--version')) {
    console.log(`\nInstalling ${names(missing())} for the tests (apt-get) …`);
    if (!install(missing()) && apt('update')) install(missing());
  }
  for (const { command, brew } of missing())
    console.log(
      `\n${command} is missing: the tests that need it are skipped, and fail under CI=true. ` +
        `Install it with: apt-get install -y ${command}   (macOS: brew install ${brew})`,
    );
}

function missing() {
  return tools.filter(({ command, argument }) => !answers(command, argument));
}

function names(some) {
  return some.map(({ command }) => command).join(', ');
}

function install(some) {
  return apt('install', '-y', '--no-install-recommends', ...some.map(({ command }) => command));
}

function answers(command, argument) {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { stdio: 'ignore', env }).status === 0;
}
