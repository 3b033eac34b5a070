/** Does KSeF answer from here, do the clocks agree, and does it name keys to encrypt for? No login is needed. */
import type { KsefClient } from '@wsad/ksef';
import { type Finding, good, problem, unknown, warning, wordsOf } from '../finding.ts';

const SLOW_MS = 2_000;
/** Invoices dated today wait this far into their day; a clock that is further off sends them too early or too late. */
const SKEW_WARNING_MS = 5_000;
const SKEW_PROBLEM_MS = 60_000;
const KEY_USES = ['KsefTokenEncryption', 'SymmetricKeyEncryption'] as const;

export async function examineKsef(ksef: KsefClient, clock: () => Date): Promise<Finding[]> {
  try {
    const { offsetMs, uncertaintyMs } = await ksef.readClock();
    return [
      reachable(uncertaintyMs * 2),
      clockFinding(offsetMs, uncertaintyMs),
      await keysFinding(ksef, clock()),
    ];
  } catch (error) {
    const mend =
      'Check the way out of this machine (DNS, proxy, firewall) and KSEF_BASE_URL; if others cannot reach KSeF either, wait: what was accepted is kept.';
    return [
      problem('KSeF', `KSeF does not answer: ${wordsOf(error)}`, mend),
      unknown('clock', 'KSeF, whose clock counts, does not answer'),
      unknown('public keys', 'KSeF does not answer'),
    ];
  }
}

function reachable(roundTripMs: number): Finding {
  const says = `KSeF answers in ${Math.round(roundTripMs)} ms`;
  if (roundTripMs < SLOW_MS) return good('KSeF', says);
  return warning(
    'KSeF',
    `${says}, which is slow`,
    'Look at the way out of this machine; sending works, slowly.',
  );
}

function clockFinding(offsetMs: number, uncertaintyMs: number): Finding {
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  const which = offsetMs < 0 ? 'ahead of' : 'behind';
  if (Math.abs(offsetMs) <= SKEW_WARNING_MS + uncertaintyMs)
    return good('clock', `the clocks agree within ${seconds} s`);
  const says = `the clock of this machine is ${seconds} s ${which} KSeF's, which decides what day it is`;
  const mend = 'Let the machine keep its time by NTP (timedatectl set-ntp true).';
  return Math.abs(offsetMs) > SKEW_PROBLEM_MS ? problem('clock', says, mend) : warning('clock', says, mend);
}

async function keysFinding(ksef: KsefClient, now: Date): Promise<Finding> {
  const valid = (await ksef.publicKeys()).filter(
    ({ validFrom, validTo }) => validFrom <= now && now < validTo,
  );
  const missing = KEY_USES.filter((use) => !valid.some(({ usage }) => usage.includes(use)));
  if (missing.length === 0) return good('public keys', 'KSeF names valid keys for tokens and for invoices');
  const says = `KSeF names no key that is valid now for ${missing.join(' and ')}`;
  return problem('public keys', says, 'Look at the clock above; if it is right, this is for KSeF to mend.');
}
