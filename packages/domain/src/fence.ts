/** Another sender has taken the session over: whoever gets this stops at once and writes nothing more. */
export class FenceLost extends Error {
  readonly sessionId: string;
  readonly fence: number;

  constructor(sessionId: string, fence: number) {
    super(`session ${sessionId} has been taken over: fence ${fence} is not the last one`);
    this.name = 'FenceLost';
    this.sessionId = sessionId;
    this.fence = fence;
  }
}
