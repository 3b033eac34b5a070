import type { InvoiceState, SessionState } from '@wsad/domain';

/** A step was asked for that the record's state does not allow: a fault of the caller, nothing was changed. */
export class TransitionRefused extends Error {
  constructor(what: string, from: InvoiceState | SessionState | null, step: string) {
    super(`${what} is ${from ?? 'not here'}: ${step} is not possible`);
    this.name = 'TransitionRefused';
  }
}

/** The ledger is bound to another KSeF environment than the one asked for. */
export class WrongEnvironment extends Error {
  constructor(bound: string, asked: string) {
    super(
      `this database belongs to the KSeF environment ${bound} for ever and cannot serve ${asked}: set KSEF_ENV=${bound}, or give ${asked} a database of its own`,
    );
    this.name = 'WrongEnvironment';
  }
}

/** A migration that was applied reads differently now. */
export class MigrationChanged extends Error {
  constructor(name: string) {
    super(`migration ${name} was applied with other contents: migrations are only added, never changed`);
    this.name = 'MigrationChanged';
  }
}

/** What was staged of a call is not all there any more: nothing of it was accepted, and it may be handed in anew. */
export class StageLost extends Error {
  constructor() {
    super(
      'the ledger has forgotten a part of a call that was coming in: it crashed, or another took its place',
    );
    this.name = 'StageLost';
  }
}

/** A database in which nothing ever happened tells nothing of where it stood. */
export class NothingRestored extends Error {
  constructor() {
    super(
      'this ledger is empty, so nothing was put back: start wsad on it, and run npm run reconcile -- --since TIME where invoices were sent before',
    );
    this.name = 'NothingRestored';
  }
}

/** A backup was being put back into this database, and that did not come to its end: it is not whole. */
export class RestoreUnfinished extends Error {
  constructor() {
    super('a restore into this database was begun and not finished: run npm run restore again, to its end');
    this.name = 'RestoreUnfinished';
  }
}
