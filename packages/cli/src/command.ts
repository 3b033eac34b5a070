/** What every command gets, and what it answers with. */
import type { Client } from '@wsad/client';
import type { Surroundings } from './environment.ts';
import type { Ending } from './exit-codes.ts';
import type { Screen } from './screen.ts';

export interface Tools {
  readonly client: Client;
  readonly url: string;
  readonly screen: Screen;
  readonly surroundings: Surroundings;
}

/** Tells on the screen what it found, and answers how the program ends. */
export type Command<Options> = (tools: Tools, options: Options) => Promise<Ending>;
