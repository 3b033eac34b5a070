/** The catalogue of what can go wrong in a run: each kind with what it is, and how its details are drawn. */
import type { Random } from '@wsad/samples';
import type { CallName, FaultKind, LinkTrouble, Part, Phase, Upstream } from './faults.ts';
import { ksefKinds } from './ksef-kinds.ts';

const SOON_MS = 3_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Longer than a lease (8 s), so that somebody else has taken over by then. */
const PAST_LEASE_MS = 10_000;

const soon = (random: Random): number => random.int(0, SOON_MS);
const shortly = (random: Random): number => random.int(100, 1_500);

function killOf(...parts: Part[]): FaultKind['draw'] {
  return (random) => ({ how: 'kill', parts, atMs: soon(random), backAfterMs: shortly(random) });
}

const CALL_PHASES: readonly [Phase, ...Phase[]] = ['before', 'sent', 'answered', 'read'];
const STEP_PHASES = ['before', 'sent', 'answered', 'read'] as const;

function crashAt(call: CallName, part: Part = 'worker'): FaultKind {
  return {
    what: `${part} killed at the call ${call}: before it leaves, unanswered, answered, or just read`,
    group: 'crash points',
    draw: (random) => ({
      how: 'crash',
      part,
      point: { at: 'call', call, phase: random.pick(CALL_PHASES), bytes: 0 },
      backAfterMs: shortly(random),
    }),
  };
}

const COMMIT = 'COMMIT\0';

function crashIn(part: Part, where: 'commit' | 'query' | 'queue', skipMost: number): FaultKind {
  const words = {
    commit: 'in the middle of a COMMIT',
    query: 'at any statement',
    queue: 'at any call of the queue',
  };
  return {
    what: `${part} killed ${words[where]}`,
    group: 'crash points',
    ...(where === 'queue' ? { needs: 'redis' } : {}),
    draw: (random) => ({
      how: 'crash',
      part,
      point: {
        at: where === 'queue' ? 'queue' : 'query',
        phase: random.pick(STEP_PHASES),
        skip: random.int(0, skipMost),
        ...(where === 'commit' ? { text: COMMIT } : {}),
      },
      backAfterMs: shortly(random),
    }),
  };
}

const TROUBLES: Record<LinkTrouble['name'], { what: string; of: (random: Random) => LinkTrouble }> = {
  cut: { what: 'torn and refused', of: () => ({ name: 'cut' }) },
  'black-hole': { what: 'swallows everything without a word', of: () => ({ name: 'black-hole' }) },
  mute: { what: 'loses every answer', of: () => ({ name: 'mute' }) },
  slow: { what: 'late in every piece', of: (random) => ({ name: 'slow', delayMs: random.int(20, 150) }) },
  trickle: {
    what: 'at a trickle',
    of: (random) => ({ name: 'trickle', bytesPerS: random.int(2_000, 8_000) }),
  },
};

function link(upstream: Upstream, name: LinkTrouble['name'], more: Partial<FaultKind> = {}): FaultKind {
  return {
    what: `the way to ${upstream} ${TROUBLES[name].what}`,
    group: 'network',
    ...(upstream === 'redis' ? { needs: 'redis' } : {}),
    ...more,
    draw: (random) => ({
      how: 'link',
      upstream,
      trouble: TROUBLES[name].of(random),
      // Uploads and receipts come early and pass quickly.
      atMs: upstream === 'storage' ? 0 : soon(random),
      lastsMs: random.int(2_000, 5_000),
    }),
  };
}

function clock(
  whose: 'wsad' | 'worker' | 'ksef' | 'all',
  shift: (random: Random) => number | 'midnight',
  what: string,
  stays = false,
): FaultKind {
  return {
    what,
    group: 'clocks',
    mayMeetTwice: true,
    // A challenge of a KSeF whose clock jumps is out of time: it refuses the login, and a person is asked.
    ...(whose === 'ksef' ? { mayEnd: ['held: login_refused'] } : {}),
    draw: (random) => ({
      how: 'clock',
      whose,
      shiftMs: shift(random),
      atMs: soon(random),
      lastsMs: stays ? null : random.int(1_000, 4_000),
    }),
  };
}

const faultKinds: Readonly<Record<string, FaultKind>> = {
  'kill-worker': { what: 'worker killed at any moment', group: 'processes', draw: killOf('worker') },
  'kill-poller': { what: 'poller killed at any moment', group: 'processes', draw: killOf('poller') },
  'kill-api': { what: 'API killed at any moment', group: 'processes', draw: killOf('api') },
  'kill-everything': {
    what: 'all processes killed at once',
    group: 'processes',
    draw: killOf('api', 'worker', 'worker2', 'poller'),
  },
  'kill-for-good': {
    what: 'one of two workers killed and never started again',
    group: 'processes',
    needs: 'two-workers',
    draw: (random) => ({ how: 'kill', parts: ['worker'], atMs: soon(random), backAfterMs: null }),
  },
  'terminate-worker': {
    what: 'worker asked to end, and started again',
    group: 'processes',
    draw: (random) => ({
      how: 'terminate',
      parts: ['worker'],
      atMs: soon(random),
      backAfterMs: shortly(random),
    }),
  },
  'terminate-everything': {
    what: 'all processes asked to end, and started again',
    group: 'processes',
    draw: (random) => ({
      how: 'terminate',
      parts: ['api', 'worker', 'worker2', 'poller'],
      atMs: soon(random),
      backAfterMs: shortly(random),
    }),
  },
  'pause-worker': {
    what: 'worker stopped for longer than its lease, then going on',
    group: 'processes',
    mayMeetTwice: true,
    draw: (random) => ({
      how: 'pause',
      parts: ['worker'],
      atMs: random.int(0, 1_500),
      lastsMs: PAST_LEASE_MS + random.int(0, 2_000),
    }),
  },
  'pause-at-close': {
    what: 'worker stopped between asking to close and the answer, for longer than its lease',
    group: 'processes',
    mayMeetTwice: true,
    needs: 'two-workers',
    draw: (random) => ({
      how: 'pause-at',
      part: 'worker',
      point: {
        at: 'call',
        call: 'batch-close',
        phase: random.pick(['before', 'sent', 'answered']),
        bytes: 0,
      },
      lastsMs: PAST_LEASE_MS,
    }),
  },
  'pause-at-intent': {
    what: 'worker stopped just before it notes that an invoice leaves, for longer than its lease',
    group: 'processes',
    needs: 'two-workers',
    draw: () => ({
      how: 'pause-at',
      part: 'worker',
      point: { at: 'query', phase: 'before', skip: 0, text: 'SET intent_at' },
      lastsMs: PAST_LEASE_MS,
    }),
  },
  'crash-at-challenge': crashAt('challenge'),
  'crash-at-login': crashAt('login'),
  'crash-at-redeem': crashAt('redeem'),
  'crash-at-batch-open': crashAt('batch-open'),
  'crash-at-upload': crashAt('upload'),
  'crash-in-upload': {
    what: 'worker killed when some bytes of a part have left',
    group: 'crash points',
    draw: (random) => ({
      how: 'crash',
      part: 'worker',
      point: { at: 'call', call: 'upload', phase: 'bytes', bytes: random.int(1, 4_000) },
      backAfterMs: shortly(random),
    }),
  },
  'crash-at-batch-close': crashAt('batch-close'),
  'crash-at-online-open': crashAt('online-open'),
  'crash-at-invoice-send': crashAt('invoice-send'),
  'crash-at-online-close': crashAt('online-close'),
  'crash-at-session-status': crashAt('session-status', 'poller'),
  'crash-at-upo': crashAt('upo', 'poller'),
  'crash-at-api-commit': crashIn('api', 'commit', 4),
  'crash-at-worker-commit': crashIn('worker', 'commit', 8),
  'crash-at-poller-commit': crashIn('poller', 'commit', 4),
  'crash-at-api-query': crashIn('api', 'query', 30),
  'crash-at-worker-query': crashIn('worker', 'query', 120),
  'crash-at-poller-query': crashIn('poller', 'query', 120),
  'crash-at-worker-queue': crashIn('worker', 'queue', 120),
  'postgres-killed': {
    what: 'PostgreSQL killed and started again',
    group: 'stores',
    draw: (random) => ({
      how: 'postgres',
      end: 'SIGKILL',
      atMs: soon(random),
      lastsMs: random.int(200, 3_000),
    }),
  },
  'postgres-restarted': {
    what: 'PostgreSQL stopped and started again',
    group: 'stores',
    draw: (random) => ({ how: 'postgres', end: 'stop', atMs: soon(random), lastsMs: random.int(200, 3_000) }),
  },
  'redis-flushed': {
    what: 'Redis loses everything (FLUSHALL)',
    group: 'stores',
    needs: 'redis',
    draw: (random) => ({ how: 'redis', end: 'flush', atMs: soon(random), lastsMs: 0 }),
  },
  'redis-killed': {
    what: 'Redis killed and started again without its data',
    group: 'stores',
    needs: 'redis',
    draw: (random) => ({ how: 'redis', end: 'SIGKILL', atMs: soon(random), lastsMs: random.int(200, 6_000) }),
  },
  'postgres-cut': link('postgres', 'cut'),
  'postgres-black-hole': link('postgres', 'black-hole', { mayMeetTwice: true }),
  'postgres-slow': link('postgres', 'slow'),
  'redis-cut': link('redis', 'cut'),
  'redis-black-hole': link('redis', 'black-hole'),
  'redis-slow': link('redis', 'slow'),
  'ksef-cut': link('ksef', 'cut'),
  'ksef-black-hole': link('ksef', 'black-hole'),
  'ksef-mute': link('ksef', 'mute'),
  'ksef-slow': link('ksef', 'slow'),
  'storage-cut': link('storage', 'cut'),
  'storage-mute': link('storage', 'mute'),
  'storage-trickle': link('storage', 'trickle'),
  'clock-ahead': clock(
    'wsad',
    (random) => random.int(5, 180) * MINUTE_MS,
    'wsad minutes or hours ahead, then put right',
  ),
  'clock-behind': clock(
    'wsad',
    (random) => -random.int(5, 180) * MINUTE_MS,
    'wsad minutes or hours behind, then put right',
  ),
  'clock-of-one': clock(
    'worker',
    (random) => random.pick([-1, 1]) * random.int(1, 90) * MINUTE_MS,
    'one worker minutes or an hour off, then put right',
  ),
  'clock-of-ksef': clock(
    'ksef',
    (random) => random.pick([-1, 1]) * random.int(1, 60) * MINUTE_MS,
    'KSeF minutes or an hour off, then put right',
  ),
  'clock-leap': clock(
    'all',
    (random) => random.int(1, 5) * HOUR_MS,
    'hours pass at once, for all: a machine that slept',
    true,
  ),
  'clock-midnight': clock('all', () => 'midnight', 'midnight in Warsaw passes, for all', true),
  ...ksefKinds,
};

export const kindNames: readonly string[] = Object.keys(faultKinds);

export function kindOf(name: string): FaultKind {
  const kind = faultKinds[name];
  if (kind === undefined) throw new Error(`there is no kind of fault "${name}"`);
  return kind;
}
