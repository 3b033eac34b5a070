import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EncryptedPart, type PackagePart } from './encrypted-part.ts';
import { refusal } from './errors.ts';
import type { PackageLimits } from './limits.ts';
import type { PackageKey } from './package-key.ts';

/** How the name of a package's folder begins. */
export const PACKAGE_FOLDER_PREFIX = 'wsad-package-';

export interface PartWriterOptions extends PackageKey {
  directory: string;
  partBytesMax: number;
  limits: PackageLimits;
}

export interface WrittenParts {
  /** The plain archive. */
  sizeBytes: number;
  sha256: string;
  parts: PackagePart[];
}

/** Takes the plain archive chunk by chunk; splits, encrypts and hashes it, and writes what is large in a folder of its own. */
export class PartWriter {
  readonly #options: PartWriterOptions;
  readonly #hash = createHash('sha256');
  readonly #parts: PackagePart[] = [];
  #folder: string | null = null;
  #sizeBytes = 0;
  #open: EncryptedPart | undefined;

  constructor(options: PartWriterOptions) {
    this.#options = options;
  }

  async write(chunk: Buffer): Promise<void> {
    const { packageBytesMax } = this.#options.limits;
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > packageBytesMax) throw refusal.tooBig(packageBytesMax);
    this.#hash.update(chunk);
    let rest = chunk;
    while (rest.length > 0) {
      const part = await this.#partWithRoom();
      const taken = rest.subarray(0, this.#options.partBytesMax - part.plainBytes);
      await part.append(taken);
      rest = rest.subarray(taken.length);
    }
  }

  async finish(): Promise<WrittenParts> {
    await this.#closePart();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('base64'), parts: this.#parts };
  }

  /** Deletes everything written so far. */
  async discard(): Promise<void> {
    await this.#open?.abandon();
    this.#open = undefined;
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }

  async #partWithRoom(): Promise<EncryptedPart> {
    if (this.#open !== undefined && this.#open.plainBytes === this.#options.partBytesMax) {
      await this.#closePart();
    }
    this.#open ??= this.#nextPart();
    return this.#open;
  }

  #nextPart(): EncryptedPart {
    const { key, iv, partBytesMax, limits } = this.#options;
    const ordinal = this.#parts.length + 1;
    if (ordinal > limits.partsMax) throw refusal.tooManyParts(limits.partsMax, partBytesMax);
    return new EncryptedPart({ ordinal, key, iv, place: () => this.#placeOf(ordinal) });
  }

  async #placeOf(ordinal: number): Promise<string> {
    this.#folder ??= await mkdtemp(join(this.#options.directory, PACKAGE_FOLDER_PREFIX));
    return join(this.#folder, `part-${String(ordinal).padStart(3, '0')}.aes`);
  }

  async #closePart(): Promise<void> {
    const part = this.#open;
    if (part === undefined) return;
    this.#parts.push(await part.finish());
    this.#open = undefined;
  }
}
