/** KSeF in a run: the emulator, what it was asked and answered, and the secrets that went over the wire. */
import { type Emulator, type Exchange, startEmulator } from '@wsad/emulator';
import { z } from 'zod';

/** KSeF found that it had these bytes already. */
export interface MetTwice {
  readonly sha256: string;
  /** The session that holds them, where the verdict names it. */
  readonly originalSession: string | null;
}

export interface KsefSeen {
  /** 429 that no fault made up. */
  readonly overLimit: string[];
  readonly metTwice: MetTwice[];
  readonly secrets: Set<string>;
}

export interface Ksef {
  readonly emulator: Emulator;
  readonly seen: KsefSeen;
}

export async function startKsef(options: {
  clock: () => Date;
  port: number;
  uploadHost: string;
  speed: 'instant' | 'realistic';
}): Promise<Ksef> {
  const seen: KsefSeen = { overLimit: [], metTwice: [], secrets: new Set() };
  const emulator = await startEmulator({ ...options, onExchange: (exchange) => look(seen, exchange) });
  return { emulator, seen };
}

function look(seen: KsefSeen, exchange: Exchange): void {
  const { method, path, status, faulted, responseBody } = exchange;
  if (status === 429 && !faulted) seen.overLimit.push(`${method} ${path}`);
  for (const secret of secretsIn(responseBody)) seen.secrets.add(secret);
  const listed = listing.safeParse(responseBody);
  if (listed.success) seen.metTwice.push(...listed.data.invoices.flatMap(metTwice));
}

const listing = z.object({
  invoices: z.array(
    z.object({
      invoiceHash: z.string(),
      status: z.object({
        code: z.number(),
        extensions: z.object({ originalSessionReferenceNumber: z.string().nullish() }).nullish(),
      }),
    }),
  ),
});
const DUPLICATE = 440;

function metTwice({ invoiceHash, status }: z.infer<typeof listing>['invoices'][number]): MetTwice[] {
  if (status.code !== DUPLICATE) return [];
  return [
    { sha256: invoiceHash, originalSession: status.extensions?.originalSessionReferenceNumber ?? null },
  ];
}

/** Tokens, and the signatures of addresses that need none. */
function secretsIn(body: unknown): string[] {
  if (typeof body === 'string') return [];
  if (Array.isArray(body)) return body.flatMap(secretsIn);
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    if (typeof value !== 'string') return secretsIn(value);
    if (name === 'token') return [value];
    const signature = /[?&]sig=([^&]+)/.exec(value)?.[1];
    return signature === undefined ? [] : [signature, decodeURIComponent(signature)];
  });
}
