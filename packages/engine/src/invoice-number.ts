/** The number that a seller gave an invoice, read out of an invoice that KSeF has registered. */

/** P_2 of FA, P_4C of FA_RR; their text has no markup in it. */
const NUMBER = /<(?:[\w.-]+:)?P_(?:2|4C)\s*>([^<]*)</;
const ENTITY = /&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Null where it stands nowhere. White space is as XML schema's `token` has it. */
export function invoiceNumberIn(xml: string): string | null {
  const text = NUMBER.exec(xml)?.[1];
  if (text === undefined) return null;
  return text.replace(ENTITY, decoded).replace(/\s+/g, ' ').trim();
}

function decoded(whole: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? whole;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
