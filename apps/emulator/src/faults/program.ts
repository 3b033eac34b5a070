/** What an entry of the fault catalogue is made of. */
import type { FaultRequest } from '../control/faults.ts';
import type { GuiltyProgram, InvoiceProgram, LoginProgram, SessionProgram } from './troubles.ts';

/** What goes wrong, and where it takes hold. */
export type Program =
  | { call: FaultRequest }
  | { login: LoginProgram }
  | { session: SessionProgram }
  | { invoice: InvoiceProgram }
  | { guilty: GuiltyProgram }
  /** Published keys change at once. */
  | { rotation: { emergency: boolean } }
  /** Every limit falls to this share of itself. */
  | { limitsCutTo: number };

export type CatalogueEntry = {
  /** One line: what a client lives through. */
  title: string;
  /** What it stands for: an issue of the Ministry's repository, the specification, or a derivation. */
  source: string;
  program: Program;
};

export type FaultTable = Record<string, CatalogueEntry>;
