/**
 * Invoices that make KSeF fail every session they are in, whatever else is in it, interactive ones too; the emulator's
 * `guilty-…` fail batch sessions alone.
 */
import type { PathOptions } from './path.ts';

export interface Guilt {
  /** By the number that the seller gave; `all` is a KSeF that fails whatever comes. */
  readonly numbers: ReadonlySet<string> | 'all';
  /** How a batch session with one of them ends; an interactive one ends with 415, and nothing in it was read. */
  readonly batch: 'batch-405' | 'batch-430' | 'batch-500';
  /** So long it is like that, from the beginning on. */
  readonly lastsMs?: number;
}

/** Between the engine and KSeF: arms the emulator just before a session that it is to fail. */
export function withGuilty(guilt: Guilt): NonNullable<PathOptions['over']> {
  return (world, { control }, { pool }) => {
    const { ksef, clock } = world;
    const { lastsMs = Number.POSITIVE_INFINITY } = guilt;
    const beganMs = clock().getTime();
    const unread = new Map<string, Promise<boolean>>();

    async function isGuilty(reference: string): Promise<boolean> {
      if (clock().getTime() >= beganMs + lastsMs) return false;
      const { numbers } = guilt;
      return numbers === 'all' || (await numbersIn(reference)).some((number) => numbers.has(number));
    }

    async function numbersIn(reference: string): Promise<string[]> {
      const { rows } = await pool.query<{ number: string }>(
        `SELECT number FROM sessions JOIN session_members ON session_id = sessions.id
           JOIN invoices ON invoices.id = invoice_id WHERE sessions.reference = $1`,
        [reference],
      );
      return rows.map(({ number }) => number);
    }

    /** KSeF can read none of the session's invoices. */
    async function blind(nip: string, reference: string): Promise<boolean> {
      if (!(await isGuilty(reference))) return false;
      const invoiceNumbers = await numbersIn(reference);
      await control.faults.enable('invoice-435', { nip, invoiceNumbers, times: invoiceNumbers.length });
      return true;
    }

    return {
      ...world,
      ksef: {
        ...ksef,
        async sendInvoice(nip, token, reference, invoice) {
          const asked = unread.get(reference) ?? blind(nip, reference);
          unread.set(reference, asked);
          await asked;
          return await ksef.sendInvoice(nip, token, reference, invoice);
        },
        async closeOnline(nip, token, reference) {
          if (await unread.get(reference)) await control.faults.enable('online-415', { nip });
          await ksef.closeOnline(nip, token, reference);
        },
        async closeBatch(nip, token, reference) {
          if (await isGuilty(reference)) await control.faults.enable(guilt.batch, { nip });
          await ksef.closeBatch(nip, token, reference);
        },
      },
    };
  };
}
