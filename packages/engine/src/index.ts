export { openAccess, withAccess } from './access.ts';
export { dispatchLane } from './dispatch.ts';
export { warnOfExpiry } from './expiry.ts';
export { followSession } from './follow.ts';
export { logIn } from './login.ts';
export type * from './ports.ts';
export { fetchInvoiceReceipt } from './receipt.ts';
export { rescue } from './rescue.ts';
export { sendSession } from './send.ts';
