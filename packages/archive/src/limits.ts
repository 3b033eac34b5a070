/**
 * What one package may hold. The invoice count and size are those KSeF answers in `GET /limits/context`;
 * pass them where a context has others than these defaults (KSeF documentation, batch session).
 */
export interface PackageLimits {
  invoicesMax: number;
  /** One invoice's XML. KSeF takes 3,000,000 with attachments, up to 10,000,000 where it has raised a context. */
  invoiceBytesMax: number;
  /** The plain archive. */
  packageBytesMax: number;
  partsMax: number;
}

export const packageLimits: Readonly<PackageLimits> = Object.freeze({
  invoicesMax: 10_000,
  invoiceBytesMax: 10_000_000,
  packageBytesMax: 5_000_000_000,
  partsMax: 50,
});

/** A part before encryption; padding may add up to 16 bytes (KSeF documentation: decimal megabytes). */
export const PART_BYTES_MAX = 100_000_000;

/** File names inside the archive, in UTF-16 units as KSeF's own platform counts them. */
export const NAME_CHARACTERS_MAX = 128;
