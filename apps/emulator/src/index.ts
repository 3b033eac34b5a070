import type { AddressInfo } from 'node:net';
import { buildApp } from './app.ts';
import type { KsefToken } from './auth/ksef-tokens.ts';
import { type Fault, type FaultRequest, faultSchema } from './control/faults.ts';
import { issueToken } from './control/issue-token.ts';
import { type EmulatorStats, type RegistryItem, registryView, statsView } from './control/views.ts';
import { catalogueView } from './faults/catalogue.ts';
import { armedFaults, clearFaults, enableFault, type FaultAim } from './faults/enable.ts';
import type { Trouble } from './faults/troubles.ts';
import type { CertificateOrder, IssuedCertificate } from './keys/authority.ts';
import type { PublishedKey, Rotation } from './keys/key-ring.ts';
import { type EmulatorOptions, settle } from './options.ts';
import { resumeWork } from './state/resume.ts';
import { createWorld, type World } from './world.ts';

export type { FaultRequest } from './control/faults.ts';
export type { EmulatorStats, RegistryItem } from './control/views.ts';
export { FAULT_CATALOGUE } from './faults/catalogue.ts';
export type { FaultAim } from './faults/enable.ts';
export { readScenario, type ScenarioStep } from './faults/scenario.ts';
export type { Exchange } from './http/exchange.ts';
export type { CertificateOrder, IssuedCertificate } from './keys/authority.ts';
export type { PublishedKey, Rotation } from './keys/key-ring.ts';
export { type RateLimit, type RateLimits, rateLimits270, rateLimits280 } from './limits/groups.ts';
export type { EmulatorOptions, KsefEnvironment, Speed } from './options.ts';

/** A running emulator's controls, for tests in the same process; over HTTP they are under `/_emulator`. */
export type EmulatorControl = {
  stats(): EmulatorStats;
  /** Calls received so far, by `METHOD /template`. */
  calls(): Record<string, number>;
  registry(): RegistryItem[];
  /** The bytes of an accepted invoice, or null. */
  invoice(ksefNumber: string): Promise<Buffer | null>;
  keys(): PublishedKey[];
  rotateKeys(rotation: Rotation): Promise<void>;
  /** A KSeF token of this emulator, good in strict mode too. */
  issueToken(nip: string, permissions: readonly string[]): KsefToken;
  /** A certificate of this emulator's own authority, with its key, to sign logins with. */
  issueCertificate(order: CertificateOrder): Promise<IssuedCertificate>;
  addFault(fault: FaultRequest): Fault;
  /** The fault catalogue: what can be switched on by name, and switching it on. */
  faults: {
    catalogue(): { name: string; title: string; source: string }[];
    enable(name: string, aim?: FaultAim): Promise<void>;
    /** What is armed and not spent yet. */
    armed(): readonly (Fault | Trouble)[];
  };
  clearFaults(): void;
  /** Resolves when no session or invoice is being worked off. */
  idle(): Promise<void>;
};

export type Emulator = {
  /** Origin without a path, such as `http://127.0.0.1:8088`; the API is under `/v2`. */
  url: string;
  port: number;
  control: EmulatorControl;
  close(): Promise<void>;
};

/** Starts a KSeF 2.0 of its own on a port. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = await createWorld(settle(options));
  const app = buildApp(world);
  await world.scenario.begin(world);
  resumeWork(world);
  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  // What fails before ends the process, which threads that are loading do not survive (processing/loading.ts).
  if (world.settings.warm) world.readers.start();
  const { port } = listeningAddress(app.server.address());
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `http://${reachable}:${port}`,
    port,
    control: controlOf(world),
    async close() {
      await app.close();
      await world.close();
    },
  };
}

function listeningAddress(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the emulator has no port');
  return address;
}

function controlOf(world: World): EmulatorControl {
  return {
    stats: () => statsView(world),
    calls: () => world.calls.counts(),
    registry: () => registryView(world),
    async invoice(ksefNumber) {
      const registered = world.registry.byKsefNumber(ksefNumber);
      return registered === undefined ? null : world.documents.read(registered.document);
    },
    keys: () => world.keys.published(),
    rotateKeys: (rotation) => world.keys.rotate(rotation),
    issueToken: (nip, permissions) => issueToken(world, nip, permissions),
    issueCertificate: (order) => world.authority.issue(order),
    addFault(request) {
      const fault = faultSchema.parse(request);
      world.faults.add(fault);
      return fault;
    },
    faults: {
      catalogue: catalogueView,
      enable: (name, aim = {}) => enableFault(world, name, aim),
      armed: () => armedFaults(world),
    },
    clearFaults: () => clearFaults(world),
    idle: () => world.background.idle(),
  };
}
