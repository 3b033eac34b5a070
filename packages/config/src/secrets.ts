/** Reads the secrets that the environment points to, and makes those that the embedded database lets be made up. */
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { codeOf, notWritable, writableFolder } from './data-dir.ts';
import { adminToken, vaultKey } from './formats.ts';
import { answersHttp } from './rules.ts';

type RandomBytes = (count: number) => Buffer;

export interface Secrets {
  /** 32 bytes. */
  readonly vaultKey: Buffer;
  /** Others that open what they sealed, while keys are changed. */
  readonly earlierVaultKeys: readonly Buffer[];
  /** Null where this process answers no HTTP. */
  readonly adminToken: string | null;
  /** Made just now: an administrator token deserves to be shown, once. */
  readonly made: { readonly vaultKey: boolean; readonly adminToken: boolean };
}

/** Throws ConfigError where a file is missing or holds something else. */
export async function resolveSecrets(
  config: Config,
  { randomBytes }: { randomBytes: RandomBytes },
): Promise<Secrets> {
  const key = await vaultKeyOf(config, randomBytes);
  const token = await adminTokenOf(config, randomBytes);
  return {
    vaultKey: key.value,
    earlierVaultKeys: await previousVaultKeys(config),
    adminToken: token.value,
    made: { vaultKey: key.made, adminToken: token.made },
  };
}

interface Found<T> {
  value: T;
  made: boolean;
}

async function vaultKeyOf({ secrets, dataDir }: Config, randomBytes: RandomBytes): Promise<Found<Buffer>> {
  if (secrets.vaultKey !== null) return { value: secrets.vaultKey, made: false };
  if (secrets.vaultKeyFile !== null) {
    return { value: await readVaultKey('VAULT_KEY_FILE', secrets.vaultKeyFile), made: false };
  }
  const kept = await keep(dataDir, 'vault.key', randomBytes, () => randomBytes(32).toString('base64'));
  const damaged = 'vault.key in WSAD_DATA_DIR is damaged (bring it back from a backup): it does not hold';
  return { value: decodeVaultKey('WSAD_DATA_DIR', kept.value, damaged), made: kept.made };
}

async function previousVaultKeys({ secrets }: Config): Promise<Buffer[]> {
  if (secrets.previousVaultKey !== null) return [secrets.previousVaultKey];
  if (secrets.previousVaultKeyFile === null) return [];
  return [await readVaultKey('VAULT_KEY_PREVIOUS_FILE', secrets.previousVaultKeyFile)];
}

async function readVaultKey(variable: string, file: string): Promise<Buffer> {
  const text = await readSecret(variable, file);
  if (text === null) throw new ConfigError(variable, `${variable} names a file that is not there`);
  return decodeVaultKey(variable, text, `${variable} does not hold`);
}

function decodeVaultKey(variable: string, text: string, complaint: string): Buffer {
  const parsed = vaultKey.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError(variable, `${complaint} 32 bytes in base64`);
}

async function adminTokenOf(
  { secrets, dataDir, role }: Config,
  randomBytes: RandomBytes,
): Promise<Found<string | null>> {
  if (!answersHttp(role)) return { value: null, made: false };
  if (secrets.adminToken !== null) return { value: secrets.adminToken, made: false };
  const kept = await keep(
    dataDir,
    'admin.token',
    randomBytes,
    () => `wsad_admin_${randomBytes(24).toString('hex')}`,
  );
  if (adminToken.safeParse(kept.value).success) return kept;
  throw new ConfigError('WSAD_DATA_DIR', 'admin.token in WSAD_DATA_DIR is empty or damaged: remove it');
}

/** The secret kept in the folder, or a new one: readable by its owner alone, whole or not there at all. */
async function keep(
  dataDir: string,
  fileName: string,
  randomBytes: RandomBytes,
  make: () => string,
): Promise<Found<string>> {
  const file = join(dataDir, fileName);
  const kept = await readSecret('WSAD_DATA_DIR', file);
  if (kept !== null) return { value: kept, made: false };

  const value = make();
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  await writeDraft(dataDir, draft, value);
  try {
    await link(draft, file);
    return { value, made: true };
  } catch (error) {
    const winner = await readSecret('WSAD_DATA_DIR', file);
    if (winner === null) throw notWritable(codeOf(error));
    return { value: winner, made: false };
  } finally {
    await unlink(draft);
  }
}

async function writeDraft(dataDir: string, draft: string, value: string): Promise<void> {
  try {
    await writableFolder(dataDir);
    await writeFile(draft, `${value}\n`, { mode: 0o600, flush: true });
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error instanceof ConfigError ? error : notWritable(codeOf(error));
  }
}

async function readSecret(variable: string, file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR')
      throw new ConfigError(variable, `${variable} leads through a file as if it were a folder`);
    throw new ConfigError(variable, `a file that ${variable} points to cannot be read (${code})`);
  }
}
