/** KSeF's status codes of logins, sessions and invoices, each with what it means for wsad. */
import type { HoldCause } from './states.ts';

export type LoginVerdict = 'working' | 'success' | 'refused' | 'blocked' | 'again';

export function judgeLogin(code: number): LoginVerdict {
  if (code === 100) return 'working';
  if (code === 200) return 'success';
  if (code === 480) return 'blocked';
  if ([415, 425, 450, 460, 470].includes(code)) return 'refused';
  return 'again';
}

/** `judged`: every invoice has its own verdict, even where all are refusals (445). */
export type SessionVerdict = 'open' | 'working' | 'judged' | 'failed';

export function judgeSession(code: number): SessionVerdict {
  if (code === 100) return 'open';
  if (code === 200 || code === 445) return 'judged';
  // Also a code that is new to us: below 200 KSeF has not ended it.
  return code < 200 ? 'working' : 'failed';
}

export type InvoiceVerdict =
  | { readonly kind: 'working' }
  | { readonly kind: 'cleared' }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'duplicate' }
  /** Not this invoice's fault: the same bytes go again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'held'; readonly cause: HoldCause };

export function judgeInvoice(code: number): InvoiceVerdict {
  switch (code) {
    case 100:
    case 150:
      return { kind: 'working' };
    case 200:
      return { kind: 'cleared' };
    case 410:
      return { kind: 'held', cause: 'permission_missing' };
    case 415:
      return { kind: 'held', cause: 'attachment_consent' };
    case 430:
    case 450:
      return { kind: 'rejected' };
    case 440:
      return { kind: 'duplicate' };
    default:
      return { kind: 'again' };
  }
}

/** How often the same bytes may go again after verdicts that are not about them, before a person must look. */
export const SENDING_ATTEMPTS_MAX = 3;
