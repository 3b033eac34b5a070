import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKsefTokens, type KsefTokens } from './auth/ksef-tokens.ts';
import { createLogins, type Logins } from './auth/logins.ts';
import { createTokenMint, type TokenMint } from './auth/tokens.ts';
import { type Background, createBackground } from './background.ts';
import { createFaults, type Faults } from './control/faults.ts';
import { type CallCounter, createCallCounter } from './control/stats.ts';
import { createScenario, type Scenario } from './faults/scenario.ts';
import { createTroubles, type Troubles } from './faults/troubles.ts';
import { type Authority, createAuthority } from './keys/authority.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createLimiter, type Limiter } from './limits/limiter.ts';
import type { Clock, RandomBytes, Settings } from './options.ts';
import { type Pace, paceFor } from './pace.ts';
import { type Documents, openDocuments } from './processing/documents.ts';
import { createKsefNumbers, type KsefNumbers } from './processing/ksef-number.ts';
import { createRegistry, type Registry } from './processing/registry.ts';
import { createSchemas, type Schemas } from './processing/schemas.ts';
import { createReferences, type References } from './references.ts';
import { createExports, type Exports } from './retrieval/exports.ts';
import { createSessionStore, type SessionStore } from './sessions/store.ts';
import { createUrlSigner, type UrlSigner } from './storage/signed-urls.ts';
import { createTestdata, type Testdata } from './testdata.ts';

/** Everything one emulator knows and holds; handlers reach all of it through their call. */
export type World = {
  settings: Settings;
  clock: Clock;
  randomBytes: RandomBytes;
  pace: Pace;
  /** Temporary folder for parts and documents, removed on close. */
  folder: string;
  background: Background;
  references: References;
  keys: KeyRing;
  authority: Authority;
  mint: TokenMint;
  logins: Logins;
  ksefTokens: KsefTokens;
  limiter: Limiter;
  testdata: Testdata;
  sessions: SessionStore;
  signer: UrlSigner;
  documents: Documents;
  schemas: Schemas;
  registry: Registry;
  exports: Exports;
  ksefNumbers: KsefNumbers;
  /** Hashes of invoices that a technical correction has replaced. */
  corrected: Set<string>;
  faults: Faults;
  troubles: Troubles;
  scenario: Scenario;
  calls: CallCounter;
  close(): Promise<void>;
};

export async function createWorld(settings: Settings): Promise<World> {
  const { clock, randomBytes, strict } = settings;
  const folder = await mkdtemp(path.join(tmpdir(), 'ksef-emulator-'));
  const pace = paceFor(settings.speed);
  const background = createBackground();
  const references = createReferences(clock, randomBytes);
  const documents = await openDocuments(folder);
  const schemas = createSchemas();
  const troubles = createTroubles();
  const activationMs = pace.tokenActivationMs;

  async function close(): Promise<void> {
    await background.stop();
    schemas.close();
    await documents.close();
    await rm(folder, { recursive: true, force: true });
  }

  return {
    settings,
    clock,
    randomBytes,
    pace,
    folder,
    background,
    references,
    keys: await createKeyRing(clock, randomBytes),
    authority: createAuthority(clock, randomBytes),
    mint: createTokenMint(clock, randomBytes),
    logins: createLogins(clock, references, troubles),
    ksefTokens: createKsefTokens({ clock, randomBytes, references, strict, activationMs }),
    limiter: createLimiter(clock, settings.limits),
    testdata: createTestdata(),
    sessions: createSessionStore(),
    signer: createUrlSigner(clock, randomBytes),
    documents,
    schemas,
    registry: createRegistry(),
    exports: createExports(),
    ksefNumbers: createKsefNumbers(randomBytes),
    corrected: new Set(),
    faults: createFaults(),
    troubles,
    scenario: createScenario(settings.scenario),
    calls: createCallCounter(),
    close,
  };
}
