/** Written by "npm run generate" in packages/client out of the catalogues of the domain: not to be edited. */
export const INVOICE_STATES = [
  'accepted',
  'sending',
  'processing',
  'cleared',
  'rejected',
  'held',
  'withdrawn',
] as const;
export const WEBHOOK_EVENTS = [
  'invoice.cleared',
  'invoice.rejected',
  'invoice.held',
  'submission.done',
  'seller.authentication.changed',
  'deadline.near',
] as const;
