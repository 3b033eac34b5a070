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
import { usualForm } from './processing/forms.ts';
import { createKsefNumbers, type KsefNumbers } from './processing/ksef-number.ts';
import { createReaders, type Readers } from './processing/readers.ts';
import { createRegistry, type Registry } from './processing/registry.ts';
import { createSchemas, type Schemas } from './processing/schemas.ts';
import { createReferences, type References } from './references.ts';
import { createExports, type Exports } from './retrieval/exports.ts';
import { createSessionStore, type SessionStore } from './sessions/store.ts';
import { createKeeper, recall } from './state/keeper.ts';
import { freshMemory, type Memory } from './state/memory.ts';
import { openFolder } from './state/open-folder.ts';
import { createUrlSigner, type UrlSigner } from './storage/signed-urls.ts';
import { createTestdata, type Testdata } from './testdata.ts';

/** Everything one emulator knows and holds; handlers reach all of it through their call. */
export type World = {
  settings: Settings;
  clock: Clock;
  randomBytes: RandomBytes;
  pace: Pace;
  /** For parts and documents; removed on close where no state is kept. */
  folder: string;
  memory: Memory;
  /** Writes down what has changed; nothing where no state is kept. */
  save(): Promise<void>;
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
  readers: Readers;
  registry: Registry;
  exports: Exports;
  ksefNumbers: KsefNumbers;
  faults: Faults;
  troubles: Troubles;
  scenario: Scenario;
  calls: CallCounter;
  close(): Promise<void>;
};

export async function createWorld(settings: Settings): Promise<World> {
  const { clock, randomBytes, strict } = settings;
  const folder = await folderOf(settings);
  const memory = freshMemory(randomBytes);
  if (settings.state !== undefined) await recall(folder, memory);
  const pace = paceFor(settings.speed);
  const background = createBackground();
  const references = createReferences(clock, randomBytes);
  const documents = await openDocuments(folder);
  const schemas = createSchemas();
  const readers = createReaders(settings);
  if (settings.xsd && settings.warm) schemas.prepare(usualForm);
  const troubles = createTroubles();
  const activationMs = pace.tokenActivationMs;

  const keeper = settings.state === undefined ? null : await createKeeper(folder, memory, documents);

  async function close(): Promise<void> {
    await background.stop();
    schemas.close();
    await readers.close();
    await keeper?.close();
    await documents.close();
    if (keeper === null) await rm(folder, { recursive: true, force: true });
  }

  return {
    settings,
    clock,
    randomBytes,
    pace,
    folder,
    memory,
    save: async () => keeper?.save(),
    background,
    references,
    keys: await createKeyRing(memory.keys, clock, randomBytes),
    authority: createAuthority(memory, clock, randomBytes),
    mint: createTokenMint(memory.secrets.tokens, clock, randomBytes),
    logins: createLogins(memory, { clock, references, troubles }),
    ksefTokens: createKsefTokens(memory.ksefTokens, { clock, randomBytes, references, strict, activationMs }),
    limiter: createLimiter(clock, memory.rateLimits, settings.limits),
    testdata: createTestdata(memory),
    sessions: createSessionStore(memory.sessions),
    signer: createUrlSigner(memory.secrets.addresses, clock),
    documents,
    schemas,
    readers,
    registry: createRegistry(memory.registered),
    exports: createExports(memory.exports),
    ksefNumbers: createKsefNumbers(memory),
    faults: createFaults(),
    troubles,
    scenario: createScenario(settings.scenario),
    calls: createCallCounter(),
    close,
  };
}

async function folderOf({ state }: Settings): Promise<string> {
  return state === undefined ? await mkdtemp(path.join(tmpdir(), 'ksef-emulator-')) : await openFolder(state);
}
