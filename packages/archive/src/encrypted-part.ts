import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { newCipher, type PackageKey } from './package-key.ts';

/** One part of a package: encrypted bytes, in a file or at hand. */
export interface PackagePart {
  /** From 1. */
  ordinal: number;
  content: PartContent;
  /** Of the encrypted part. */
  sizeBytes: number;
  /** Of the encrypted part, base64. */
  sha256: string;
}

/** A small part stays in memory: a file costs more than its bytes, and waits for a disk that has other work. */
export type PartContent = { readonly path: string } | { readonly bytes: Buffer };

/** A part that comes to more is written; most of a seller's packages come to a tenth of it. */
const AT_HAND_BYTES_MAX = 512 * 1024;

export interface PartOptions extends PackageKey {
  ordinal: number;
  /** Where its file is to be; asked once there has to be one. */
  place: () => Promise<string>;
}

/** A part being made. Each part is encrypted on its own, from the same key and IV (KSeF documentation). */
export class EncryptedPart {
  readonly #ordinal: number;
  readonly #place: () => Promise<string>;
  readonly #cipher: ReturnType<typeof newCipher>;
  readonly #hash = createHash('sha256');
  #atHand: Buffer[] = [];
  #file: { readonly path: string; readonly handle: FileHandle } | null = null;
  #sizeBytes = 0;
  #written = Promise.resolve();
  #plainBytes = 0;

  constructor({ ordinal, place, ...packageKey }: PartOptions) {
    this.#ordinal = ordinal;
    this.#place = place;
    this.#cipher = newCipher(packageKey);
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  async append(plain: Buffer): Promise<void> {
    this.#plainBytes += plain.length;
    await this.#take(this.#cipher.update(plain));
  }

  async finish(): Promise<PackagePart> {
    await this.#take(this.#cipher.final());
    await this.#written;
    await this.#file?.handle.close();
    const content = this.#file === null ? { bytes: Buffer.concat(this.#atHand) } : { path: this.#file.path };
    const sha256 = this.#hash.digest('base64');
    return { ordinal: this.#ordinal, content, sizeBytes: this.#sizeBytes, sha256 };
  }

  async abandon(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file?.handle.close().catch(() => undefined);
  }

  async #take(encrypted: Buffer): Promise<void> {
    this.#hash.update(encrypted);
    this.#sizeBytes += encrypted.length;
    this.#atHand.push(encrypted);
    if (this.#file === null && this.#sizeBytes <= AT_HAND_BYTES_MAX) return;
    const { handle } = this.#file ?? (await this.#newFile());
    for (const piece of this.#atHand.splice(0)) await this.#write(handle, piece);
  }

  async #newFile() {
    const path = await this.#place();
    this.#file = { path, handle: await open(path, 'wx', 0o600) };
    return this.#file;
  }

  /** One piece is written while the next one is made. */
  async #write(handle: FileHandle, encrypted: Buffer): Promise<void> {
    await this.#written;
    // On an open handle writeFile goes on where the last one ended, and never writes only half.
    this.#written = handle.writeFile(encrypted);
    // A failure is thrown when the next piece comes; until then it must not count as unhandled.
    this.#written.catch(() => undefined);
  }
}
