export type ArchiveErrorCode =
  | 'ARCHIVE_EMPTY'
  | 'ARCHIVE_TOO_MANY_INVOICES'
  | 'ARCHIVE_TOO_BIG'
  | 'ARCHIVE_TOO_MANY_PARTS'
  | 'ARCHIVE_INVOICE_EMPTY'
  | 'ARCHIVE_INVOICE_TOO_BIG'
  | 'ARCHIVE_INVOICE_DAMAGED'
  | 'ARCHIVE_NAME_TOO_LONG'
  | 'ARCHIVE_NAME_UNSAFE'
  | 'ARCHIVE_NAME_DUPLICATE'
  | 'ARCHIVE_KEY_INVALID'
  | 'ARCHIVE_OPTION_INVALID'
  | 'ARCHIVE_PART_CHANGED';

/** A package that cannot be built or read. `code` is stable; `message` tells what to do. */
export class ArchiveError extends Error {
  readonly code: ArchiveErrorCode;
  /** The entry that it is about, where the caller may want to go on without it. */
  readonly entryName: string | null;

  constructor(code: ArchiveErrorCode, message: string, entryName: string | null = null) {
    super(message);
    this.name = 'ArchiveError';
    this.code = code;
    this.entryName = entryName;
  }
}

/** Every refusal of this package, one constructor each. */
export const refusal = {
  empty: () =>
    new ArchiveError('ARCHIVE_EMPTY', 'a package holds at least one invoice: open no session for none'),

  tooManyInvoices: (invoicesMax: number) =>
    new ArchiveError(
      'ARCHIVE_TOO_MANY_INVOICES',
      `a package holds at most ${invoicesMax} invoices: send the rest in another session`,
    ),

  tooBig: (packageBytesMax: number) =>
    new ArchiveError(
      'ARCHIVE_TOO_BIG',
      `the archive would exceed ${packageBytesMax} bytes: send fewer invoices in one session`,
    ),

  tooManyParts: (partsMax: number, partBytesMax: number) =>
    new ArchiveError(
      'ARCHIVE_TOO_MANY_PARTS',
      `the archive would need more than ${partsMax} parts of ${partBytesMax} bytes: allow larger parts or send fewer invoices in one session`,
    ),

  invoiceEmpty: (name: string) =>
    new ArchiveError('ARCHIVE_INVOICE_EMPTY', `${shown(name)} has no bytes: leave it out of the package`),

  invoiceTooBig: (name: string, sizeBytes: number, invoiceBytesMax: number) =>
    new ArchiveError(
      'ARCHIVE_INVOICE_TOO_BIG',
      `${shown(name)} has ${sizeBytes} bytes, more than the ${invoiceBytesMax} that fit a package: leave it out`,
    ),

  invoiceDamaged: (name: string) =>
    new ArchiveError(
      'ARCHIVE_INVOICE_DAMAGED',
      `what is stored of ${shown(name)} is not what was taken in: its CRC-32 differs, look for a damaged disk or database`,
      name,
    ),

  nameTooLong: (name: string, nameCharactersMax: number) =>
    new ArchiveError(
      'ARCHIVE_NAME_TOO_LONG',
      `${shown(name)} has ${name.length} characters: use a file name of at most ${nameCharactersMax}`,
    ),

  nameUnsafe: (name: string) =>
    new ArchiveError(
      'ARCHIVE_NAME_UNSAFE',
      `${shown(name)} is no safe file name: use letters, digits, dots, hyphens and underscores, no folders`,
    ),

  nameDuplicate: (name: string) =>
    new ArchiveError('ARCHIVE_NAME_DUPLICATE', `${shown(name)} comes twice: give each invoice its own name`),

  keyInvalid: (what: 'key' | 'iv', expectedBytes: number, sizeBytes: number) =>
    new ArchiveError(
      'ARCHIVE_KEY_INVALID',
      `the ${what} has ${sizeBytes} bytes: AES-256-CBC takes ${expectedBytes}`,
    ),

  optionInvalid: (option: string, value: number, rule: string) =>
    new ArchiveError('ARCHIVE_OPTION_INVALID', `${option} is ${value}: it must be ${rule}`),

  partChanged: (ordinal: number) =>
    new ArchiveError(
      'ARCHIVE_PART_CHANGED',
      `the file of part ${ordinal} is gone or has changed since it was written: build the package again`,
    ),
};

const SHOWN_CHARACTERS_MAX = 80;

function shown(name: string): string {
  const cut = name.length > SHOWN_CHARACTERS_MAX ? `${name.slice(0, SHOWN_CHARACTERS_MAX)}…` : name;
  return JSON.stringify(cut);
}
