/** How each kind of trouble is told: data alone, so that a plan can be printed, kept and played again. */

import type { Random } from '@wsad/samples';

/** Parts of wsad that run as processes; where all run in one, each name means that one. */
export type Part = 'api' | 'worker' | 'worker2' | 'poller';
export type Upstream = 'postgres' | 'redis' | 'ksef' | 'storage';

/** Calls at which a process can be killed to the point. */
export type CallName =
  | 'challenge'
  | 'login'
  | 'redeem'
  | 'batch-open'
  | 'upload'
  | 'batch-close'
  | 'online-open'
  | 'invoice-send'
  | 'online-close'
  | 'session-status'
  | 'failed-list'
  | 'upo';

/**
 * `before`: the request never leaves. `sent`: it has left. `answered`: the answer is there, and is never read.
 * `read`: the answer has just been passed on. `bytes`: so many bytes of the request have left.
 */
export type Phase = 'before' | 'sent' | 'answered' | 'read' | 'bytes';

export type Point =
  | { readonly at: 'call'; readonly call: CallName; readonly phase: Phase; readonly bytes: number }
  | {
      readonly at: 'query' | 'queue';
      readonly phase: Exclude<Phase, 'bytes'>;
      readonly skip: number;
      /** Only what holds these words. */
      readonly text?: string;
    };

export type FaultDetail =
  | {
      readonly how: 'kill';
      readonly parts: readonly Part[];
      readonly atMs: number;
      readonly backAfterMs: number | null;
    }
  | {
      readonly how: 'terminate';
      readonly parts: readonly Part[];
      readonly atMs: number;
      readonly backAfterMs: number;
    }
  | {
      readonly how: 'pause';
      readonly parts: readonly Part[];
      readonly atMs: number;
      readonly lastsMs: number;
    }
  | { readonly how: 'crash'; readonly part: Part; readonly point: Point; readonly backAfterMs: number }
  | {
      readonly how: 'pause-at';
      readonly part: Part;
      readonly point: Point;
      readonly lastsMs: number;
    }
  | {
      readonly how: 'postgres';
      readonly end: 'SIGKILL' | 'stop';
      readonly atMs: number;
      readonly lastsMs: number;
    }
  | {
      readonly how: 'redis';
      readonly end: 'flush' | 'SIGKILL';
      readonly atMs: number;
      readonly lastsMs: number;
    }
  | {
      readonly how: 'link';
      readonly upstream: Upstream;
      readonly trouble: LinkTrouble;
      readonly atMs: number;
      readonly lastsMs: number;
    }
  | {
      readonly how: 'clock';
      readonly whose: 'wsad' | 'worker' | 'ksef' | 'all';
      /** By how much; `midnight`: to some seconds before the day ends in Warsaw. */
      readonly shiftMs: number | 'midnight';
      readonly atMs: number;
      /** Null: it stays so. */
      readonly lastsMs: number | null;
    }
  | { readonly how: 'ksef'; readonly fault: string; readonly times: number | null };

/**
 * `cut`: connections are torn and refused. `black-hole`: nothing passes and nobody is told. `mute`: requests pass,
 * answers do not. `slow`: each piece is late. `trickle`: so many bytes a second.
 */
export type LinkTrouble =
  | { readonly name: 'cut' | 'black-hole' | 'mute' }
  | { readonly name: 'slow'; readonly delayMs: number }
  | { readonly name: 'trickle'; readonly bytesPerS: number };

export type PlannedFault = FaultDetail & {
  readonly kind: string;
  /** Begins only when the fault at this place of the plan has struck. */
  readonly after?: number;
};

export interface FaultKind {
  /** One line for the report. */
  readonly what: string;
  readonly group: 'processes' | 'crash points' | 'stores' | 'network' | 'clocks' | 'KSeF';
  /** Takes half a minute or more by its nature. */
  readonly slow?: boolean;
  readonly needs?: 'redis' | 'two-workers';
  /** A sender may lose its session without knowing it, and close it late: KSeF then meets the same bytes again. */
  readonly mayMeetTwice?: boolean;
  /** Ends, besides cleared, that an innocent invoice may come to. */
  readonly mayEnd?: readonly string[];
  readonly draw: (random: Random) => FaultDetail;
}
