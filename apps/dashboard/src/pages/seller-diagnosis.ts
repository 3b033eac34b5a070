/** One seller's status as the answer to "can we send, and if not, what is to be done?": the first obstacle decides. */
import type { Schemas } from '@wsad/client';
import type { Tone } from '../ui/tones.ts';

export type SellerStatus = Schemas['SellerStatus'];

/** What helps, and can be done from the page. */
export type Remedy = 'credentials' | 'login' | 'resume' | 'resumeAll' | 'held' | 'certificate' | null;

export interface Diagnosis {
  readonly tone: Tone;
  /** Of the catalogue's `diagnosis`. */
  readonly key: string;
  readonly remedy: Remedy;
}

const SENDING = ['InvoiceWrite', 'Owner'];

export function diagnosisOf(status: SellerStatus, isAllPaused: boolean): Diagnosis {
  return obstacleOf(status, isAllPaused) ?? remarkOf(status) ?? { tone: 'good', key: 'ready', remedy: null };
}

function obstacleOf(status: SellerStatus, isAllPaused: boolean): Diagnosis | null {
  const login = loginObstacle(status);
  if (login === null && isAllPaused) return { tone: 'warn', key: 'allPaused', remedy: 'resumeAll' };
  return login ?? otherObstacle(status);
}

function loginObstacle({ authentication }: SellerStatus): Diagnosis | null {
  const { state, credentials, lastError, permissions } = authentication;
  if (credentials === 'none') return { tone: 'warn', key: 'noCredentials', remedy: 'credentials' };
  if (state === 'refused') return { tone: 'bad', key: 'refused', remedy: 'credentials' };
  if (state === 'blocked') return { tone: 'bad', key: 'blocked', remedy: 'credentials' };
  if (state === 'opening') return { tone: 'calm', key: 'opening', remedy: null };
  if (state === 'none')
    return lastError === null
      ? { tone: 'calm', key: 'notYet', remedy: 'login' }
      : { tone: 'warn', key: 'trying', remedy: 'login' };
  if (permissions.length > 0 && !permissions.some((name) => SENDING.includes(name)))
    return { tone: 'bad', key: 'mayNotSend', remedy: 'login' };
  return null;
}

function otherObstacle({ paused, connection, reconciling, ready }: SellerStatus): Diagnosis | null {
  if (paused) return { tone: 'warn', key: 'paused', remedy: 'resume' };
  if (connection.state === 'down') return { tone: 'warn', key: 'down', remedy: null };
  if (reconciling !== null) return { tone: 'calm', key: 'reconciling', remedy: null };
  return ready ? null : { tone: 'warn', key: 'notReady', remedy: 'login' };
}

/** It can send, and still there is something that somebody should know. */
function remarkOf({ authentication, connection, held, deadlinesPassed }: SellerStatus): Diagnosis | null {
  if (authentication.certificate?.expiresSoon === true)
    return { tone: 'warn', key: 'certificateRunsOut', remedy: 'certificate' };
  if (held > 0) return { tone: 'warn', key: 'readyHeld', remedy: 'held' };
  if (deadlinesPassed > 0) return { tone: 'warn', key: 'readyLate', remedy: null };
  if (connection.state === 'degraded') return { tone: 'good', key: 'readyDegraded', remedy: null };
  if (authentication.state === 'expired') return { tone: 'good', key: 'readyExpired', remedy: null };
  return null;
}

/** KSeF's codes of refused logins that the catalogue explains in its `loginRefusal`. */
const EXPLAINED = ['415', '425', '450', '460', '470', '480'];

/** The code that the words of a refused login begin with, where it is one that can be explained. */
export function refusalCode(lastError: string | null): string | null {
  const code = /^\D{0,20}(\d{3})\b/.exec(lastError ?? '')?.[1] ?? '';
  return EXPLAINED.includes(code) ? code : null;
}
