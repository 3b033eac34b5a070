/** Exports under way and done: what was asked for, what it came to, and the files of its package. */
import { type Caller, type ContextIdentifier, contextKey } from '../auth/caller.ts';
import type { Encryption } from '../sessions/model.ts';
import type { Filters } from './filters.ts';

export type ExportCode = 100 | 200 | 415 | 500;

export type PackagePart = {
  ordinalNumber: number;
  /** Its name in the emulator's folder. */
  file: string;
  plain: { size: number; hash: string };
  encrypted: { size: number; hash: string };
};

export type ExportPackage = {
  invoiceCount: number;
  size: number;
  parts: PackagePart[];
  /** Dates of the last invoice of a package that could not hold all. */
  last: { issueDate: string; invoicingDate: Date; storedAt: Date } | null;
};

export type InvoiceExport = {
  referenceNumber: string;
  /** Who asked for it. */
  caller: Caller;
  filters: Filters;
  onlyMetadata: boolean;
  compression: 'Zip' | 'TarGz';
  encryption: Encryption;
  startedAt: Date;
  completedAt: Date | null;
  status: { code: ExportCode; details?: string[] };
  package: ExportPackage | null;
};

export type Exports = {
  add(wanted: InvoiceExport): void;
  get(referenceNumber: string): InvoiceExport | undefined;
  /** How many are under way in a context. */
  running(context: ContextIdentifier): number;
};

export function createExports(exports: Map<string, InvoiceExport>): Exports {
  return {
    add: (wanted) => void exports.set(wanted.referenceNumber, wanted),
    get: (referenceNumber) => exports.get(referenceNumber),
    running: (context) =>
      [...exports.values()].filter(
        (one) => one.status.code === 100 && contextKey(one.caller.context) === contextKey(context),
      ).length,
  };
}

export const exportDescriptions: Record<ExportCode, string> = {
  100: 'Eksport faktur w toku',
  200: 'Eksport faktur zakończony sukcesem',
  415: 'Błąd odszyfrowania dostarczonego klucza',
  500: 'Nieznany błąd (500)',
};
