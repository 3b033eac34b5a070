/** The only room of the command line that looks at its environment. */
import type { Readable, Writable } from 'node:stream';

export interface Environment {
  readonly WSAD_URL?: string | undefined;
  readonly WSAD_KEY?: string | undefined;
  readonly WSAD_KEY_FILE?: string | undefined;
  readonly NO_COLOR?: string | undefined;
}

/** What a command works with besides its arguments. */
export interface Surroundings {
  readonly environment: Environment;
  readonly input: Readable;
  readonly out: Writable & { readonly isTTY?: boolean };
  readonly err: Writable & { readonly isTTY?: boolean };
  /** Aborted when the program is to stop. */
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  readonly pause: (ms: number) => Promise<void>;
}

export function ownEnvironment(): Environment {
  const { WSAD_URL, WSAD_KEY, WSAD_KEY_FILE, NO_COLOR } = process.env;
  return { WSAD_URL, WSAD_KEY, WSAD_KEY_FILE, NO_COLOR };
}
