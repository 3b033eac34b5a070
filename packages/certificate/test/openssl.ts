import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from '@wsad/testkit';

/** Runs openssl in a folder that holds `cert.pem` and `key.pem`, and answers the file `out`. */
export function openssl({ certificatePem, privateKeyPem }: TestCertificate, ...args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'wsad-openssl-'));
  try {
    writeFileSync(join(folder, 'cert.pem'), certificatePem);
    writeFileSync(join(folder, 'key.pem'), privateKeyPem);
    const { status, stderr } = spawnSync('openssl', [...args, '-out', 'out'], { cwd: folder });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
    return readFileSync(join(folder, 'out'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
