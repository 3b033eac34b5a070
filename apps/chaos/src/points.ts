/** Recognises the very moment at which a process is to be struck, in the bytes that pass a link. */
import type { CallName, Point } from './faults.ts';
import type { Link, Verdict, Watcher } from './proxy.ts';

/** The first line of each call, as it goes over the wire. */
const CALLS: Readonly<Record<CallName, RegExp>> = {
  challenge: /^POST \/v2\/auth\/challenge /,
  login: /^POST \/v2\/auth\/(ksef-token|xades-signature)[ ?]/,
  redeem: /^POST \/v2\/auth\/token\/redeem /,
  'batch-open': /^POST \/v2\/sessions\/batch /,
  upload: /^PUT \/storage\//,
  'batch-close': /^POST \/v2\/sessions\/batch\/[^/ ]+\/close /,
  'online-open': /^POST \/v2\/sessions\/online /,
  'invoice-send': /^POST \/v2\/sessions\/online\/[^/ ]+\/invoices /,
  'online-close': /^POST \/v2\/sessions\/online\/[^/ ]+\/close /,
  'session-status': /^GET \/v2\/sessions\/[^/ ?]+ /,
  'failed-list': /^GET \/v2\/sessions\/[^/ ]+\/invoices\/failed[ ?]/,
  upo: /^GET \/storage\/upo\//,
};

const FIRST_LINE_BYTES = 2_000;

/**
 * Calls `strike` once, at this point, and never again. What was not to arrive is kept back: for good, or until `held`
 * settles. Answers what ends the watch before.
 */
export function watchFor(link: Link, point: Point, strike: () => void, held?: Promise<void>): () => void {
  const isIt = recogniser(point);
  let following: number | null = null;
  let sentBytes = 0;
  const struck = (arrives: boolean): Verdict => {
    link.unwatch(watcher);
    // What arrives does so first.
    if (arrives) setImmediate(strike);
    else strike();
    return arrives ? 'pass' : (held ?? 'drop');
  };
  const watcher: Watcher = {
    request(connection, bytes) {
      if (following === null && isIt(bytes)) {
        if (point.phase === 'before') return struck(false);
        if (point.phase === 'sent') return struck(true);
        following = connection;
      }
      if (following !== connection || point.phase !== 'bytes') return 'pass';
      sentBytes += bytes.length;
      return sentBytes >= bytesOf(point) ? struck(true) : 'pass';
    },
    answer(connection) {
      if (following !== connection || point.phase === 'bytes') return 'pass';
      return struck(point.phase !== 'answered');
    },
  };
  link.watch(watcher);
  return () => link.unwatch(watcher);
}

function recogniser(point: Point): (bytes: Buffer) => boolean {
  if (point.at === 'call') {
    const pattern = CALLS[point.call];
    return (bytes) => pattern.test(bytes.toString('latin1', 0, FIRST_LINE_BYTES));
  }
  let skip = point.skip;
  const { text = '' } = point;
  return (bytes) => {
    if (text !== '' && !bytes.includes(text)) return false;
    skip -= 1;
    return skip < 0;
  };
}

function bytesOf(point: Point): number {
  return point.at === 'call' ? point.bytes : 0;
}
