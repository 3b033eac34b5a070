/** The one place where the engine's ports meet what implements them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmitEvent, RightOfWay } from '@wsad/domain';
import type { Doorbell, World } from '@wsad/engine';
import { createKsefClient, createLatarniaClient, type KsefClientOptions } from '@wsad/ksef';
import type { PostgresLedger as Ledger } from '@wsad/ledger';
import { observe } from '@wsad/telemetry';
import { createWebhookSender } from '@wsad/webhooks';
import { watchConnection } from './connection-watch.ts';
import { createPackager, sweepSpool } from './packager.ts';

export interface WorldParts {
  readonly ledger: Ledger;
  readonly doorbell: Doorbell;
  /** The one to which the ledger gives way. */
  readonly rightOfWay: RightOfWay;
  readonly emit: EmitEvent;
  readonly clock: () => Date;
  /** KSeF's address, `/v2` included. */
  readonly ksefBaseUrl: string;
  /** KSeF's status service; none is read where there is no address. */
  readonly latarniaUrl?: string | null;
  /** Hosts that webhooks may call although they are private. */
  readonly webhookHosts?: readonly string[];
  /** Which address KSeF sees us from; its limits count per context and address. */
  readonly egress: string;
  /** Where packages lie, encrypted, while they are being sent. */
  readonly spoolDirectory: string;
  readonly compression: 'TarGz' | 'Zip';
  /** For tests in which time is not the machine's: how waits are waited for, and how long KSeF may be silent. */
  readonly pace?: Required<Pick<KsefClientOptions, 'wait' | 'timeouts'>>;
}

export interface WiredWorld {
  readonly world: World;
  /** For what has not ended in time: its leases are free for others at once, and its calls to KSeF end unanswered. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

/** A ledger that is away would keep a process from ending. */
const HANDING_OVER_MS = 1_000;

export function createWorld(parts: WorldParts): WiredWorld {
  const { ledger, doorbell, rightOfWay, clock, egress, compression } = parts;
  const watch = watchConnection(parts.emit, ledger, clock);
  const pacer = ledger.pacer({
    egress,
    clock,
    wait: parts.pace?.wait ?? ((ms) => delay(ms)),
    emit: parts.emit,
  });
  const ksef = createKsefClient({
    baseUrl: parts.ksefBaseUrl,
    pacer,
    clock,
    emit: watch.emit,
    observe,
    ...parts.pace,
  });
  const { latarniaUrl = null } = parts;
  const latarnia = latarniaUrl === null ? null : createLatarniaClient({ baseUrl: latarniaUrl });
  const packager = createPackager(parts.spoolDirectory);
  const sweeping = sweepSpool(parts.spoolDirectory, clock());
  const world: World = {
    ledger,
    ksef,
    packager,
    doorbell,
    rightOfWay,
    clock,
    emit: watch.emit,
    observe,
    owner: randomUUID(),
    compression,
    latarnia,
    webhooks: createWebhookSender({ clock, namedHosts: parts.webhookHosts ?? [] }),
  };
  return {
    world,
    async interrupt() {
      // First the leases: a sender whose call ends unanswered would otherwise put its session off.
      await Promise.race([ledger.handOver(world.owner, clock()), delay(HANDING_OVER_MS)]).catch(
        () => undefined,
      );
      await ksef.close();
    },
    async close() {
      await ksef.close();
      await latarnia?.close();
      await watch.close();
      await sweeping;
    },
  };
}
