/** A certificate with its key in one PKCS#12 file, as openssl writes it. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from '@wsad/testkit';

/** In base64. */
export async function pkcs12Of(
  { certificatePem, privateKeyPem }: TestCertificate,
  phrase: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-pkcs12-'));
  try {
    await writeFile(join(folder, 'both.pem'), `${certificatePem}\n${privateKeyPem}\n`);
    const args = ['pkcs12', '-export', '-in', 'both.pem', '-passout', `pass:${phrase}`, '-out', 'file.p12'];
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    return await readFile(join(folder, 'file.p12'), 'base64');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
