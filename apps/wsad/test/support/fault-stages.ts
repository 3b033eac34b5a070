/** How wsad is brought to make the call, or meet the verdict, that a fault of the emulator's catalogue is about. */

export const INVOICES = { batch: 6, interactive: 3 } as const;
export type SentAs = keyof typeof INVOICES;

export interface Stage {
  readonly sentAs: SentAs;
  /** The seller is logged in already, and its access token has run out. */
  readonly afterHours?: true;
  /** The seller logs in by certificate. */
  readonly byCertificate?: true;
  /** Another fault, without which the call would not be made. */
  readonly besides?: { readonly name: string; readonly times: number };
  /** How the fault is aimed, where it must be. */
  readonly aim?: { readonly invoiceNumbers: string[] };
}

const BATCH: Stage = { sentAs: 'batch' };
const INTERACTIVE: Stage = { sentAs: 'interactive' };

/** By the beginning of the fault's name; the first that fits. */
const STAGES: readonly (readonly [RegExp, readonly Stage[]])[] = [
  // Calls that a client may make and wsad does not, or not in sending.
  [/^(session-list|invoice-status|metadata-query|export-|session-upo-(?!late))|^redeem-again$/, []],
  [/^login-signed-/, [{ ...BATCH, byCertificate: true }]],
  [/^refresh-/, [{ ...BATCH, afterHours: true }]],
  [/^failed-list-/, [{ ...BATCH, besides: { name: 'invoice-450', times: 1 } }]],
  [/^(invoice-list-|invoice-unknown-code)/, [{ ...BATCH, besides: { name: 'upo-html', times: 30 } }]],
  [/^invoice-download-/, [{ ...BATCH, besides: { name: 'duplicate-of-foreign', times: 1 } }]],
  [/^(online-|invoice-send-)/, [INTERACTIVE]],
  [/^guilty-/, [BATCH, INTERACTIVE].map((stage) => ({ ...stage, aim: { invoiceNumbers: ['F/2'] } }))],
  [/^(invoice-|duplicate-)/, [BATCH, INTERACTIVE]],
];

export function stagesOf(fault: string): readonly Stage[] {
  return STAGES.find(([beginning]) => beginning.test(fault))?.[1] ?? [BATCH];
}
