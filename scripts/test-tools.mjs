// Tests run on programs that wsad itself does not need: this brings those that are missing.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Each with the argument it answers to, and the package of Debian and its kin that brings it. */
const tools = [
  { command: 'redis-server', argument: '--version', debian: 'redis-server', brew: 'redis' },
  { command: 'xmlsec1', argument: '--version', debian: 'xmlsec1', brew: 'libxmlsec1' },
  {
    command: 'promtool',
    argument: '--version',
    debian: 'prometheus',
    brew: 'prometheus',
    prepare: withoutService,
  },
  { command: 'openssl', argument: 'version', debian: 'openssl', brew: 'openssl' },
  // The dashboard is tried in a real browser.
  { command: 'chromium', argument: '--version', debian: 'chromium', brew: '--cask chromium' },
  // Backups are tried on a server that is not embedded.
  {
    command: 'initdb',
    argument: '--version',
    debian: 'postgresql',
    brew: 'postgresql',
    prepare: withoutCluster,
  },
];

/** Where Debian and its kin keep what is not on the PATH, by version. */
const postgresVersions = '/usr/lib/postgresql';

/** Installs what is missing as root on Debian and its kin; elsewhere says how. */
export function ensureTestTools() {
  if (missing().length === 0) return;
  if (process.getuid?.() === 0 && answers('apt-get', '--version')) {
    console.log(`\nInstalling ${names(missing())} for the tests (apt-get) …`);
    if (!install(missing()) && apt('update')) install(missing());
  }
  for (const { command, debian, brew } of missing())
    console.log(
      `\n${command} is missing: the tests that need it are skipped, and fail under CI=true. ` +
        `Install it with: apt-get install -y ${debian}   (macOS: brew install ${brew})`,
    );
}

function missing() {
  return tools.filter(({ command, argument }) => !answers(command, argument));
}

function names(some) {
  return some.map(({ command }) => command).join(', ');
}

function install(some) {
  for (const { prepare } of some) prepare?.();
  return apt('install', '-y', '--no-install-recommends', ...some.map(({ debian }) => debian));
}

/** Debian would make a database and start a server on it: the tests start their own. */
function withoutCluster() {
  if (apt('install', '-y', '--no-install-recommends', 'postgresql-common'))
    appendFileSync('/etc/postgresql-common/createcluster.conf', '\ncreate_main_cluster = false\n');
}

/** Debian would start a server with it: its tool alone is wanted. A service that is masked first is not started. */
function withoutService() {
  const masked = '/etc/systemd/system/prometheus.service';
  mkdirSync(dirname(masked), { recursive: true });
  if (!existsSync(masked)) symlinkSync('/dev/null', masked);
}

function answers(command, argument) {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0 || isOfPostgres(command);
}

function isOfPostgres(command) {
  const versions = existsSync(postgresVersions) ? readdirSync(postgresVersions) : [];
  return versions.some((version) => existsSync(join(postgresVersions, version, 'bin', command)));
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { stdio: 'ignore', env }).status === 0;
}
