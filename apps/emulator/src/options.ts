import { randomBytes } from 'node:crypto';
import type { ScenarioStep } from './faults/scenario.ts';
import type { Exchange } from './http/exchange.ts';
import type { RateLimits } from './limits/groups.ts';
import { uploadHostSchema } from './storage/upload-host.ts';

export type Speed = 'instant' | 'realistic';
export type KsefEnvironment = 'TEST' | 'DEMO' | 'PRD';
export type Clock = () => Date;
export type RandomBytes = (size: number) => Buffer;

/** How an emulator is started; everything has a default. */
export type EmulatorOptions = {
  /** 0 takes a free port. Default 0. */
  port?: number | undefined;
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** `realistic` answers at the pace the Ministry reports; `instant` adds no delay. Default `instant`. */
  speed?: Speed | undefined;
  /** Only KSeF tokens made by `POST /v2/tokens` (or the control API) can log in. Default false. */
  strict?: boolean | undefined;
  /** false skips the XSD check of invoices, for benchmarks. Default true. */
  xsd?: boolean | undefined;
  /** Decides the forms taken, the NIP checksum and whether /testdata exists. Default TEST. */
  env?: KsefEnvironment | undefined;
  /** true makes everything ready for the usual form before the first call, not with the first invoice. Default false. */
  warm?: boolean | undefined;
  clock?: Clock | undefined;
  randomBytes?: RandomBytes | undefined;
  /** Replaces the whole table of limits. Without the `...Close` groups a close counts in its open group. */
  limits?: RateLimits | undefined;
  /** Address under which upload and download links are given, such as that of a proxy. Default: the one called. */
  uploadHost?: string | undefined;
  /** Folder in which the emulator's state outlives a restart. Default: nothing outlives it. */
  state?: string | undefined;
  /** Faults of the catalogue, each from the start or once an operation has been called so often. */
  scenario?: readonly ScenarioStep[] | undefined;
  /** Told about every answered call under /v2. */
  onExchange?: ((exchange: Exchange) => void) | undefined;
};

export type Settings = {
  speed: Speed;
  strict: boolean;
  xsd: boolean;
  env: KsefEnvironment;
  warm: boolean;
  clock: Clock;
  randomBytes: RandomBytes;
  limits: RateLimits | undefined;
  uploadHost: string | undefined;
  state: string | undefined;
  scenario: readonly ScenarioStep[];
  onExchange: ((exchange: Exchange) => void) | undefined;
};

export function settle(options: EmulatorOptions): Settings {
  return {
    speed: options.speed ?? 'instant',
    strict: options.strict ?? false,
    xsd: options.xsd ?? true,
    env: options.env ?? 'TEST',
    warm: options.warm ?? false,
    clock: options.clock ?? (() => new Date()),
    randomBytes: options.randomBytes ?? randomBytes,
    limits: options.limits,
    uploadHost: uploadHostSchema.optional().parse(options.uploadHost),
    state: options.state,
    scenario: options.scenario ?? [],
    onExchange: options.onExchange,
  };
}
