import { refusal } from './errors.ts';
import { NAME_CHARACTERS_MAX, type PackageLimits } from './limits.ts';

/** One invoice: its file name in the archive and its content, untouched until the package is built. */
export interface ArchiveEntry {
  name: string;
  /** Raw deflate of the original bytes, as it was made once and is kept: a Zip holds these very bytes. */
  deflated: Uint8Array;
  /** Of the original bytes. */
  sizeBytes: number;
  /** Of the original bytes: they are recognised by it after they are unpacked. */
  crc32: number;
}

/** Lets entries through one by one, and remembers what went through. */
export class EntryGate {
  readonly #limits: PackageLimits;
  readonly #names = new Set<string>();

  constructor(limits: PackageLimits) {
    this.#limits = limits;
  }

  get invoiceCount(): number {
    return this.#names.size;
  }

  async *checked(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<ArchiveEntry> {
    for await (const entry of entries) {
      this.#admit(entry);
      yield entry;
    }
    if (this.invoiceCount === 0) throw refusal.empty();
  }

  #admit({ name, sizeBytes }: ArchiveEntry): void {
    const { invoicesMax, invoiceBytesMax } = this.#limits;
    checkName(name);
    if (this.#names.has(name)) throw refusal.nameDuplicate(name);
    if (sizeBytes === 0) throw refusal.invoiceEmpty(name);
    if (sizeBytes > invoiceBytesMax) throw refusal.invoiceTooBig(name, sizeBytes, invoiceBytesMax);
    if (this.invoiceCount === invoicesMax) throw refusal.tooManyInvoices(invoicesMax);
    this.#names.add(name);
  }
}

// Separators, characters Windows forbids, control and invisible formatting characters.
const FORBIDDEN_CHARACTER = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
// Dots and blanks at either end are dropped or hidden by some unpackers, and `..` leaves the folder.
const FORBIDDEN_ENDS = /^[.\s]|[.\s]$/u;

/** Whatever unpacks the archive, and wherever, the name must mean one plain file in one folder. */
function checkName(name: string): void {
  if (name.length > NAME_CHARACTERS_MAX) throw refusal.nameTooLong(name, NAME_CHARACTERS_MAX);
  const safe =
    name.length > 0 && name.isWellFormed() && !FORBIDDEN_CHARACTER.test(name) && !FORBIDDEN_ENDS.test(name);
  if (!safe) throw refusal.nameUnsafe(name);
}
