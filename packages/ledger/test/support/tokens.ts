import { after } from './invoices.ts';

/** What a login that works brings. */
export const TOKENS = {
  accessToken: 'access-1',
  accessUntil: after(900_000),
  refreshToken: 'refresh-1',
  refreshUntil: after(600_000_000),
  permissions: ['InvoiceWrite'],
};
