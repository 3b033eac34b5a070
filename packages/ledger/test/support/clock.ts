import { NOW } from './invoices.ts';

/** A clock that moves when it is told to, or when somebody waits for it. */
export function movingClock() {
  let ms = NOW.getTime();
  return {
    clock: () => new Date(ms),
    move: (by: number) => {
      ms += by;
    },
    wait: async (by: number) => {
      ms += by;
    },
  };
}
