/** Invoices of every form that the API takes, as the body of one call. */

/** One invoice as text, which goes as UTF-8; `externalId` is your own name for it. */
export interface InvoiceText {
  readonly xml: string;
  readonly externalId?: string;
}

/** One file byte for byte: an invoice, or a flat ZIP of invoices. */
export interface InvoiceFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer> | Blob;
}

/** Invoices, files (a browser's `File` is one), or one ZIP. */
export type HandedIn =
  | readonly InvoiceText[]
  | readonly (InvoiceFile | File)[]
  | Blob
  | Uint8Array<ArrayBuffer>;

export interface SendOptions {
  /** Names this call for ever: repeated with the same invoices, it answers what it answered first. Made up where absent. */
  readonly idempotencyKey?: string;
  /** Sent at once, without waiting a moment for neighbours. */
  readonly urgent?: boolean;
  readonly offline?: boolean;
  /** Who issues the invoices may be another NIP. */
  readonly onBehalf?: boolean;
  readonly signal?: AbortSignal;
}

export interface SendBody {
  readonly body: string | FormData | Blob | Uint8Array<ArrayBuffer>;
  /** Null where fetch names it by itself, with the form's boundary. */
  readonly contentType: string | null;
}

export function sendBody(invoices: HandedIn): SendBody {
  if (invoices instanceof Blob || invoices instanceof Uint8Array)
    return { body: invoices, contentType: 'application/zip' };
  const texts = invoices.filter((one): one is InvoiceText => 'xml' in one);
  if (texts.length === invoices.length)
    return { body: JSON.stringify({ invoices: texts }), contentType: 'application/json' };
  const form = new FormData();
  for (const one of invoices) if (!('xml' in one)) form.append('file', blobOf(one), one.name);
  return { body: form, contentType: null };
}

export function sendQuery({ urgent, offline, onBehalf }: SendOptions): Record<string, 'true'> {
  const asked = Object.entries({ urgent, offline, onBehalf }).filter(([, isSet]) => isSet === true);
  return Object.fromEntries(asked.map(([name]) => [name, 'true' as const]));
}

function blobOf(file: InvoiceFile | File): Blob {
  if (file instanceof Blob) return file;
  return file.bytes instanceof Blob ? file.bytes : new Blob([file.bytes]);
}
