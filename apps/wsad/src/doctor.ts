/** `npm run doctor -- --nip N`: is everything there that sending needs, and if not, what is to be mended? */

import { examine } from './doctor/examine.ts';
import { wordsOf } from './doctor/finding.ts';
import { readDoctorOptions } from './doctor/options.ts';
import { isWell, printFindings } from './doctor/print.ts';

/** 0: ready to send; 1: something is to be mended; 2: not understood. */
async function main(args: readonly string[]): Promise<number> {
  let options: ReturnType<typeof readDoctorOptions>;
  try {
    options = readDoctorOptions(args);
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\nusage: npm run doctor -- [--nip NIP] [--json]\n`);
    return 2;
  }
  const findings = await examine(options.nip);
  process.stdout.write(printFindings(findings, options.json));
  return isWell(findings) ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
