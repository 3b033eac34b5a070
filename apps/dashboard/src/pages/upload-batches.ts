/** A drop of any size as calls that the API takes: at most so many files and bytes each. */

/** Below what one call may hold (20,000 invoices, 256 MB), since the form around the files counts too. */
export const FILES_MAX = 5000;
export const BYTES_MAX = 200_000_000;

export function batchesOf<Item extends { readonly size: number }>(files: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= FILES_MAX || bytes + file.size > BYTES_MAX) {
      batches.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return batches;
}

/** Invoices and archives of them; a folder's other files (.DS_Store, thumbnails) are left out. */
export function isInvoiceFile(name: string): boolean {
  return /\.(xml|zip)$/i.test(name);
}
