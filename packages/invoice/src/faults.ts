import type { Fault, FaultCode } from './types.ts';

/**
 * Every reason an invoice can be refused for, with what to do about it. Codes are stable; sentences may improve.
 * A fault's own message begins with what was found and ends with this advice where it adds something.
 */
export const INVOICE_FAULTS: Readonly<Record<FaultCode, string>> = {
  EMPTY_FILE: 'The file is empty. Export the invoice again.',
  FILE_TOO_LARGE:
    'KSeF takes invoices of at most 1,000,000 bytes, or 3,000,000 bytes with an attachment (Zalacznik).',
  NOT_UTF8: 'The file is not encoded in UTF-8. Save the invoice as UTF-8 without BOM.',
  BYTE_ORDER_MARK:
    'The file begins with a byte order mark (BOM), which KSeF refuses. Save it as UTF-8 without BOM.',
  DECLARED_ENCODING: 'The first line declares another encoding than UTF-8. KSeF takes UTF-8 alone.',
  XML_VERSION: 'The first line declares another version than XML 1.0. KSeF takes XML 1.0 alone.',
  DOCTYPE: 'The file holds a document type definition (DOCTYPE). It has no place in an invoice: remove it.',
  NOT_WELL_FORMED: 'The file is not well-formed XML, so nothing further was checked.',
  PROCESSING_INSTRUCTION: 'The file holds a processing instruction (<?...?>), which KSeF refuses: remove it.',
  DISCOURAGED_CHARACTER: 'The file holds a character that KSeF refuses. Remove it or type it anew.',
  FORM_UNKNOWN: 'The file is none of the invoice forms known here. FA (3) is the form in force.',
  FORM_NOT_ALLOWED: 'This environment of KSeF does not take invoices of this form.',
  FORM_PEPPOL:
    'PEF and PEF_KOR belong to Peppol: KSeF takes them from Peppol providers alone, so they cannot be sent here.',
  ELEMENT_UNEXPECTED: 'An element stands where the form does not allow it.',
  ELEMENT_MISSING: 'An element that the form requires is missing.',
  VALUE_INVALID: 'A value is not of the kind the form asks for.',
  ATTRIBUTE_INVALID: 'An attribute is missing, unknown or has a wrong value.',
  CONTENT_INVALID: 'The content does not follow the schema of the form.',
  MORE_SCHEMA_FAULTS: 'There are more faults of this kind than are listed.',
  ISSUE_DATE_TOO_FAR: 'The issue date (P_1, in FA_RR P_4B) lies too far in the future.',
  SELLER_NIP_MALFORMED:
    'The NIP of the seller (Podmiot1, in FA_RR the buyer, Podmiot2) is not a NIP. A NIP is ten digits without dashes or spaces.',
  SELLER_MISMATCH:
    'The seller of the invoice (Podmiot1, in FA_RR the buyer, Podmiot2) is not the seller it was handed in for.',
  NIP_CHECKSUM: 'A NIP has a wrong check digit. Compare it digit by digit with its source.',
  CHECK_FAILED:
    'The check broke down on this file. Its content is unusual: compare it with an invoice that passes.',
};

export interface FaultDetails {
  /** What was found, in front of the advice. */
  readonly found?: string;
  /** Replaces the whole message. */
  readonly message?: string;
  readonly line?: number | null;
  readonly rule?: string;
}

export function fault(code: FaultCode, details: FaultDetails = {}): Fault {
  const advice = INVOICE_FAULTS[code];
  const message = details.message ?? (details.found === undefined ? advice : `${details.found} ${advice}`);
  const line = details.line ?? null;
  return details.rule === undefined ? { code, message, line } : { code, message, line, rule: details.rule };
}

/** A value as it may be shown: one line, cut to a readable length. */
export function shown(value: string, lengthMax = 60): string {
  const line = value.slice(0, lengthMax * 4).replace(/\s+/g, ' ');
  return line.length > lengthMax || value.length > lengthMax * 4 ? `${line.slice(0, lengthMax)}…` : line;
}
