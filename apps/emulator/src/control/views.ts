import type { InvoicingMode } from '../sessions/model.ts';
import type { World } from '../world.ts';

export type EmulatorStats = {
  /** Calls received, by `METHOD /template`; faulted and refused ones included. */
  calls: Record<string, number>;
  /** Calls answered with 429. */
  rateLimited: number;
  registered: number;
  sessions: { batch: number; online: number };
};

export type RegistryItem = {
  nip: string;
  kind: string;
  number: string;
  sha256: string;
  ksefNumber: string;
  session: string;
  mode: InvoicingMode;
};

export function statsView(world: World): EmulatorStats {
  return {
    calls: world.calls.counts(),
    rateLimited: world.limiter.refused(),
    registered: world.registry.size(),
    sessions: world.sessions.counts(),
  };
}

export function registryView(world: World): RegistryItem[] {
  return world.registry.all().map((invoice) => {
    const { nip, kind, number, sha256, ksefNumber, session, mode } = invoice;
    return { nip, kind, number, sha256, ksefNumber, session, mode };
  });
}
