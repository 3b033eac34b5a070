import type { Speed } from './options.ts';

/** Delays in milliseconds, after the averages the Ministry reported in August 2026. */
export type Pace = {
  callMs: number;
  batchMs: number;
  invoiceMs: number;
  onlineCloseMs: number;
  tokenActivationMs: number;
  /** Status calls of a login that answer 100 before its verdict. */
  loginPolls: number;
};

const paces: Record<Speed, Pace> = {
  instant: { callMs: 0, batchMs: 0, invoiceMs: 0, onlineCloseMs: 0, tokenActivationMs: 0, loginPolls: 0 },
  realistic: {
    callMs: 29,
    batchMs: 1000,
    invoiceMs: 240,
    onlineCloseMs: 100,
    tokenActivationMs: 200,
    loginPolls: 1,
  },
};

export function paceFor(speed: Speed): Pace {
  return paces[speed];
}
