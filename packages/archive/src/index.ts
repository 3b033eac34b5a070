export {
  type BuiltPackage,
  buildPackage,
  type Compression,
  type PackageInput,
} from './build-package.ts';
export { type EncryptedInvoice, encryptInvoice } from './encrypt-invoice.ts';
export type { PackagePart, PartContent } from './encrypted-part.ts';
export type { ArchiveEntry } from './entries.ts';
export { ArchiveError, type ArchiveErrorCode } from './errors.ts';
export { NAME_CHARACTERS_MAX, PART_BYTES_MAX, type PackageLimits, packageLimits } from './limits.ts';
export { openPart } from './open-part.ts';
export { newPackageKey, type PackageKey } from './package-key.ts';
export { PACKAGE_FOLDER_PREFIX } from './part-writer.ts';
