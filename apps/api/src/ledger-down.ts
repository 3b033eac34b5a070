import { StageLost } from '@wsad/ledger';

/**
 * PostgreSQL's classes and Node's codes that mean: the ledger could not be reached, went away, or takes no writes, as a
 * standby does until it is promoted.
 */
const DOWN =
  /^(08|57P0|53300$|25006$|ECONNREFUSED$|ECONNRESET$|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENOTFOUND$|EAI_AGAIN$)/;
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after)/;

export function isLedgerDown(error: unknown): boolean {
  // It went away and came back in the middle of a call.
  if (error instanceof StageLost) return true;
  return isKind(error, (code, message) => DOWN.test(code) || MESSAGES.test(message));
}

function isKind(error: unknown, says: (code: string, message: string) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some((one) => isKind(one, says))) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return says(code, error.message) || isKind(error.cause, says);
}
