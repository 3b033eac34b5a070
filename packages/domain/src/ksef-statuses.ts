/** KSeF's status codes of logins, sessions and invoices, judged by the catalogue of its answers. */
import { type InvoiceVerdict, invoiceAnswer } from './ksef-answers/invoices.ts';
import { type LoginVerdict, loginAnswerOf } from './ksef-answers/logins.ts';
import { type SessionVerdict, sessionAnswer } from './ksef-answers/sessions.ts';

export function judgeLogin(code: number): LoginVerdict {
  return loginAnswerOf(code).wsad;
}

export function judgeSession(code: number): SessionVerdict {
  return sessionAnswer(code).wsad;
}

export function judgeInvoice(code: number): InvoiceVerdict {
  return invoiceAnswer(code).wsad;
}

/** How often the same bytes may go again after verdicts that are not about them, before a person must look. */
export const SENDING_ATTEMPTS_MAX = 3;
