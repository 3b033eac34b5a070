/** Whether KSeF is there, as our own calls see it: kept in the ledger so that the API can answer without calling. */
import type { EmitEvent, WsadEvent } from '@wsad/domain';
import type { PostgresLedger as Ledger } from '@wsad/ledger';

/** One write a second at most, so that a thousand calls do not cost a thousand writes. */
const WRITE_PAUSE_MS = 1_000;
/** A challenge that took longer tells too little of KSeF's clock. */
const CLOCK_UNCERTAINTY_MS_MAX = 2_500;

export interface ConnectionWatch {
  /** Emits as before, and takes note of calls to KSeF. */
  readonly emit: EmitEvent;
  close(): Promise<void>;
}

export function watchConnection(
  emit: EmitEvent,
  ledger: Pick<Ledger, 'recordConnection' | 'recordKsefClock' | 'recordSystemWarning'>,
  clock: () => Date,
): ConnectionWatch {
  let writtenAt = 0;
  let wasOk: boolean | null = null;
  let writing: Promise<void> = Promise.resolve();
  return {
    emit(event) {
      emit(event);
      if (event.type === 'ksef.called') note(event);
      if (event.type === 'ksef.clock') noteClock(event);
      if (event.type === 'ksef.warned') write(() => ledger.recordSystemWarning(event.text, clock()));
    },
    close: () => writing,
  };

  function note(call: WsadEvent & { type: 'ksef.called' }): void {
    const now = clock();
    const ok = call.status !== null && call.status < 500;
    // A clock that was put back makes it long ago, not yet to come.
    if (ok === wasOk && Math.abs(now.getTime() - writtenAt) < WRITE_PAUSE_MS) return;
    writtenAt = now.getTime();
    wasOk = ok;
    const error = ok ? null : `${call.operation}: ${call.status ?? 'no answer'}`;
    write(() => ledger.recordConnection(ok, call.durationMs, error, now));
  }

  function noteClock({ offsetMs, uncertaintyMs }: WsadEvent & { type: 'ksef.clock' }): void {
    const now = clock();
    // Less than nothing: our clock was put back during the call.
    if (uncertaintyMs >= 0 && uncertaintyMs <= CLOCK_UNCERTAINTY_MS_MAX)
      write(() => ledger.recordKsefClock(offsetMs, uncertaintyMs, now));
  }

  /** Best effort: a ledger that is away has louder ways to say so. */
  function write(one: () => Promise<void>): void {
    writing = writing.then(one).catch(() => undefined);
  }
}
