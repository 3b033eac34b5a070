/**
 * Counters that alerts look at stand at 0 from the start. One that is only there once something happened begins with 1, of
 * which Prometheus sees no increase: the first time, which may be the only one, would be told to nobody.
 */
import { type DiskFailure, WEBHOOK_STOPS, type WsadEvent } from '@wsad/domain';
import type { Instruments } from './instruments.ts';

type CertificateUse = Extract<WsadEvent, { type: 'credential.expiring' }>['use'];

const DISKS = { ledger: true, files: true } satisfies Record<DiskFailure['disk'], true>;
const WHYS = { full: true, broken: true } satisfies Record<DiskFailure['why'], true>;
const USES = { login: true, offline: true } satisfies Record<CertificateUse, true>;
const SESSION_ENDS = ['settled', 'failed', 'abandoned'];
const SETTLED_STATES = ['cleared', 'rejected', 'held', 'again'];
const DELIVERY_OUTCOMES = ['delivered', 'put_off', 'failed'];

export function startAtZero(to: Instruments): void {
  for (const disk of Object.keys(DISKS))
    for (const why of Object.keys(WHYS)) to.diskFailures.inc({ disk, why }, 0);
  for (const use of Object.keys(USES)) to.expiring.inc({ use }, 0);
  for (const outcome of SESSION_ENDS) to.sessionEnds.inc({ outcome }, 0);
  for (const state of SETTLED_STATES) to.settled.inc({ state }, 0);
  for (const outcome of DELIVERY_OUTCOMES) to.webhookDeliveries.inc({ outcome }, 0);
  for (const why of Object.keys(WEBHOOK_STOPS)) to.webhooksDisabled.inc({ why }, 0);
}
