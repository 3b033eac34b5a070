import type { BatchSessionCode } from '../sessions/model.ts';

/** Ends the processing of a batch session with the code its status will show. */
export class SessionFailure extends Error {
  readonly code: BatchSessionCode;
  readonly details: string[];

  constructor(code: BatchSessionCode, details: string[] = []) {
    super(`session failed with ${code}`);
    this.name = 'SessionFailure';
    this.code = code;
    this.details = details;
  }
}
