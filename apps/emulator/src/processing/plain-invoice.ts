/**
 * Reads invoices that are written as plainly as nearly all are, without parsing them. What is told of one is certain: the
 * file breaks no rule, is well-formed, and says just this. Of every other file nothing is told: it has to be parsed.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { hasDiscouraged } from './file-rules.ts';
import type { FormCode } from './forms.ts';
import { collapsed, factsOf, type InvoiceFacts } from './invoice-facts.ts';
import { isPlain, type Mark, markOf, plainBeginning, rootMark } from './plain-xml.ts';

const PLAIN_BYTES_MAX = 100_000;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What the file says, or null where it is not as plain as that. */
export function readPlainInvoice(bytes: Buffer, form: FormCode): InvoiceFacts | null {
  if (bytes.length > PLAIN_BYTES_MAX) return null;
  const characters = bytes.toString('latin1');
  if (!isAscii(bytes) && (!isUtf8(bytes) || hasDiscouraged(characters))) return null;
  const beginning = plainBeginning(characters);
  if (beginning?.root !== 'Faktura') return null;
  const root = rootMark('Faktura>', beginning.start);
  const marks = marksIn(characters, root, form);
  if (!isPlain(characters, root, Object.values(marks))) return null;
  return factsAt(bytes, marks, form);
}

type Marks = ReturnType<typeof marksIn>;

function marksIn(characters: string, root: Mark, form: FormCode) {
  const mark = (tag: string, within: Mark): Mark => markOf(characters, tag, within);
  const seller = mark('Podmiot1>', root);
  const sellerIdentity = mark('DaneIdentyfikacyjne>', seller);
  const buyer = mark('Podmiot2>', root);
  const buyerIdentity = mark('DaneIdentyfikacyjne>', buyer);
  const body = mark(`${form.body}>`, root);
  return {
    seller,
    sellerIdentity,
    sellerNip: mark('NIP>', sellerIdentity),
    buyer,
    buyerIdentity,
    buyerNip: mark('NIP>', buyerIdentity),
    body,
    number: mark(`${form.number}>`, body),
    issueDate: mark(`${form.issueDate}>`, body),
    kind: mark('RodzajFaktury>', body),
    attachment: mark('Zalacznik>', root),
  };
}

function factsAt(bytes: Buffer, marks: Marks, form: FormCode): InvoiceFacts | null {
  const { seller, sellerIdentity, buyer, buyerIdentity, body, buyerNip, attachment, ...texts } = marks;
  const isBuyerSure = buyerNip.isLeaf || isOutside(buyerNip);
  const isAttachmentSure = attachment.isChild || attachment.at < 0;
  const areAround = [seller, sellerIdentity, buyer, buyerIdentity, body].every(({ isChild }) => isChild);
  const areTexts = Object.values(texts).every(({ isLeaf }) => isLeaf);
  if (!isBuyerSure || !isAttachmentSure || !areAround || !areTexts) return null;
  return factsOf(form, {
    seller: textAt(bytes, marks.sellerNip),
    buyer: buyerNip.isLeaf ? textAt(bytes, buyerNip) : null,
    number: textAt(bytes, marks.number),
    kind: textAt(bytes, marks.kind),
    issueDate: textAt(bytes, marks.issueDate),
    hasAttachment: attachment.isChild,
  });
}

/** Whether what it is wanted in has ended before it. */
function isOutside({ at, within }: Mark): boolean {
  return at < 0 || (within !== null && within.end >= 0 && at > within.end);
}

function textAt(bytes: Buffer, { tag, at }: Mark): string | null {
  const start = at + tag.length + 1;
  const text = bytes.toString('utf8', start, bytes.indexOf('<', start));
  return collapsed(text.includes('&') ? text.replace(/&(\w+);/g, entityText) : text);
}

function entityText(_reference: string, name: string): string {
  return entities[name] ?? '';
}
