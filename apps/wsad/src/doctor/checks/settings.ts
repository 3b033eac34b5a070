/** Are the settings of this environment right, alone and together? */
import { access, constants, statfs } from 'node:fs/promises';
import { type Config, ConfigError, readProcessConfig } from '@wsad/config';
import { type Finding, good, problem, warning, wordsOf } from '../finding.ts';

export function examineSettings(): { config: Config | null; findings: Finding[] } {
  try {
    const config = readProcessConfig('all');
    const { environment, baseUrl } = config.ksef;
    const says = `settings are right; KSeF ${environment} at ${baseUrl}`;
    const warnings = config.warnings.map((text) =>
      warning('configuration', text, 'See docs/configuration.md.'),
    );
    return { config, findings: [good('configuration', says), ...warnings] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mend = `Set ${error.variable} right: see docs/configuration.md.`;
    return { config: null, findings: [problem('configuration', error.message, mend)] };
  }
}

/** The largest package KSeF takes, encrypted: one such must fit at the least. */
const PACKAGE_BYTES_MAX = 5_100_000_000;

export async function examineSpool({ spoolDir }: Config): Promise<Finding> {
  try {
    await access(spoolDir, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(spoolDir);
    const free = bavail * bsize;
    const says = `${spoolDir} can be written, ${(free / 1e9).toFixed(1)} GB free`;
    if (free >= PACKAGE_BYTES_MAX) return good('spool folder', says);
    return warning(
      'spool folder',
      `${says}: the largest package would not fit`,
      'Free some room, or set WSAD_SPOOL_DIR to a folder with more of it.',
    );
  } catch (error) {
    const mend = 'Make the folder writable for this user, or set WSAD_SPOOL_DIR to another one.';
    return problem('spool folder', `${spoolDir} cannot be used: ${wordsOf(error)}`, mend);
  }
}
