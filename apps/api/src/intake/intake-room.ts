/** Room for the bodies of all submissions under way: what the API holds of them is bounded, however many come at once. */
import { Problem } from '@wsad/domain';

/** Long enough for a call of hundreds to get out of the way, short enough for a sender to wait for. */
const WAIT_MS = 2_000;

export interface IntakeRoom {
  /**
   * Takes room for a body of so many bytes, after waiting for it if need be; the answer gives it back. Whoever fits
   * goes in, so a small call never waits behind a large one; one that is larger than the whole room goes in alone.
   * @throws Problem TOO_BUSY when none becomes free in time
   */
  take(bytes: number): Promise<() => void>;
}

interface Waiting {
  readonly bytes: number;
  enter(): void;
}

export function intakeRoom(bytesMax: number, waitMs = WAIT_MS): IntakeRoom {
  const waiting = new Set<Waiting>();
  let takenBytes = 0;
  const fits = (bytes: number) => takenBytes === 0 || takenBytes + bytes <= bytesMax;
  const enter = (bytes: number) => {
    takenBytes += bytes;
    return () => {
      takenBytes -= bytes;
      for (const next of waiting) if (fits(next.bytes)) next.enter();
    };
  };
  return {
    async take(bytes) {
      if (fits(bytes)) return enter(bytes);
      return await new Promise((resolve, reject) => {
        const patience = setTimeout(() => {
          waiting.delete(turn);
          reject(new Problem('TOO_BUSY'));
        }, waitMs);
        const turn: Waiting = {
          bytes,
          enter() {
            clearTimeout(patience);
            waiting.delete(turn);
            resolve(enter(bytes));
          },
        };
        waiting.add(turn);
      });
    },
  };
}
