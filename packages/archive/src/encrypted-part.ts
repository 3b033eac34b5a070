import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { newCipher, type PackageKey } from './package-key.ts';

/** One part of a package: a file with encrypted bytes. */
export interface PackagePart {
  /** From 1. */
  ordinal: number;
  path: string;
  /** Of the encrypted part. */
  sizeBytes: number;
  /** Of the encrypted part, base64. */
  sha256: string;
}

/** A part being written. Each part is encrypted on its own, from the same key and IV (KSeF documentation). */
export class EncryptedPart {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #ordinal: number;
  readonly #cipher: ReturnType<typeof newCipher>;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #written = Promise.resolve();
  #plainBytes = 0;

  private constructor(file: FileHandle, path: string, ordinal: number, packageKey: PackageKey) {
    this.#file = file;
    this.#path = path;
    this.#ordinal = ordinal;
    this.#cipher = newCipher(packageKey);
  }

  static async create(path: string, ordinal: number, packageKey: PackageKey): Promise<EncryptedPart> {
    return new EncryptedPart(await open(path, 'wx', 0o600), path, ordinal, packageKey);
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  async append(plain: Buffer): Promise<void> {
    this.#plainBytes += plain.length;
    await this.#write(this.#cipher.update(plain));
  }

  async finish(): Promise<PackagePart> {
    await this.#write(this.#cipher.final());
    await this.#written;
    await this.#file.close();
    const sha256 = this.#hash.digest('base64');
    return { ordinal: this.#ordinal, path: this.#path, sizeBytes: this.#sizeBytes, sha256 };
  }

  async abandon(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.close().catch(() => undefined);
  }

  /** One piece is written while the next one is made. */
  async #write(encrypted: Buffer): Promise<void> {
    this.#hash.update(encrypted);
    this.#sizeBytes += encrypted.length;
    await this.#written;
    // On an open handle writeFile goes on where the last one ended, and never writes only half.
    this.#written = this.#file.writeFile(encrypted);
    // A failure is thrown when the next piece comes; until then it must not count as unhandled.
    this.#written.catch(() => undefined);
  }
}
