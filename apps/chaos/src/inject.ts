/** Puts one planned fault on and takes it off again, and keeps what became of it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultDetail, Part, PlannedFault, Point, Upstream } from './faults.ts';
import { watchFor } from './points.ts';
import type { Rig } from './rig.ts';

/** What became of a planned fault. Moments are those of a clock that nothing moves. */
export interface Struck {
  readonly fault: PlannedFault;
  /** It took hold: a process was there to be killed, a connection to be cut, a call to be answered wrongly. */
  hit: boolean;
  /** When the trouble was over, so that only its traces were left. */
  overAtMs: number | null;
}

export interface Injection {
  readonly struck: Struck;
  /** Settles when it has taken hold for the first time. */
  readonly happened: Promise<void>;
  /** Settles when it has been put on and taken off; never, for what waits for a moment that does not come. */
  readonly over: Promise<void>;
  /** Takes it off, where it still waits for its moment. */
  disarm(): void;
}

const LOOK_MS = 50;
const FIRST_PIECE_MS_MAX = 15_000;

type Of<How extends FaultDetail['how']> = Extract<FaultDetail, { how: How }>;

interface Marks {
  hit(): void;
  /** Aborted when what waits for its moment need not wait any more. */
  readonly disarmed: AbortSignal;
}

/** Faults that wait for a call are armed at once; the rest come at their time. With `cause`, both only after that one. */
export function inject(rig: Rig, fault: PlannedFault, cause?: Injection): Injection {
  const struck: Struck = { fault, hit: false, overAtMs: null };
  const disarming = new AbortController();
  const happening = Promise.withResolvers<void>();
  const marks: Marks = {
    hit: () => {
      struck.hit = true;
      happening.resolve();
    },
    disarmed: disarming.signal,
  };
  const over = (cause?.happened ?? Promise.resolve())
    .then(() => play(rig, fault, marks))
    .then(() => {
      struck.overAtMs = performance.now();
    });
  return { struck, happened: happening.promise, over, disarm: () => disarming.abort() };
}

async function play(rig: Rig, fault: PlannedFault, marks: Marks): Promise<void> {
  if ('atMs' in fault) await delay(fault.atMs);
  switch (fault.how) {
    case 'kill':
      return await kill(rig, fault, marks);
    case 'terminate':
      return await terminate(rig, fault, marks);
    case 'pause':
      return await pause(rig, partsOf(rig, fault.parts), fault.lastsMs, marks);
    case 'crash':
      return await crash(rig, fault, marks);
    case 'pause-at':
      return await pauseAt(rig, fault, marks);
    case 'postgres':
      return await endPostgres(rig, fault, marks);
    case 'redis':
      return await endRedis(rig, fault, marks);
    case 'link':
      return await troubleLink(rig, fault, marks);
    case 'clock':
      return await shiftClock(rig, fault, marks);
    case 'ksef':
      return await switchOn(rig, fault, marks);
  }
}

function partsOf(rig: Rig, parts: readonly Part[]): Part[] {
  return [...new Set(parts.flatMap((part) => rig.partOf(part) ?? []))];
}

async function kill(rig: Rig, { parts, backAfterMs }: Of<'kill'>, marks: Marks): Promise<void> {
  const there = partsOf(rig, parts);
  for (const part of there) if (rig.fleet.kill(part)) marks.hit();
  if (backAfterMs === null) return;
  await delay(backAfterMs);
  for (const part of there) rig.fleet.start(part);
}

async function terminate(rig: Rig, { parts, backAfterMs }: Of<'terminate'>, marks: Marks): Promise<void> {
  await Promise.all(
    partsOf(rig, parts).map(async (part) => {
      if (await rig.fleet.terminate(part)) marks.hit();
      await delay(backAfterMs);
      rig.fleet.start(part);
    }),
  );
}

async function pause(rig: Rig, parts: readonly Part[], lastsMs: number, marks: Marks): Promise<void> {
  for (const part of parts) if (rig.fleet.pause(part)) marks.hit();
  await delay(lastsMs);
  for (const part of parts) rig.fleet.goOn(part);
}

async function crash(rig: Rig, { part, point, backAfterMs }: Of<'crash'>, marks: Marks): Promise<void> {
  const there = await moment(rig, part, point, marks, (one) => rig.fleet.kill(one));
  await delay(backAfterMs);
  rig.fleet.start(there);
}

async function pauseAt(rig: Rig, { part, point, lastsMs }: Of<'pause-at'>, marks: Marks): Promise<void> {
  const release = Promise.withResolvers<void>();
  const there = await moment(rig, part, point, marks, (one) => rig.fleet.pause(one), release.promise);
  await delay(lastsMs);
  release.resolve();
  rig.fleet.goOn(there);
}

/** Settles when a part has been struck at this point: of two workers, whichever comes to it first. */
async function moment(
  rig: Rig,
  part: Part,
  point: Point,
  marks: Marks,
  strike: (part: Part) => boolean,
  held?: Promise<void>,
): Promise<Part> {
  return await new Promise((resolve) => {
    const unwatches = doersOf(rig, part).map((doer) => {
      const struck = (): void => {
        if (!strike(doer)) return;
        for (const unwatch of unwatches) unwatch();
        marks.hit();
        resolve(doer);
      };
      return watchFor(rig.linkOf(doer, upstreamOf(point)), point, struck, held);
    });
    marks.disarmed.addEventListener('abort', () => {
      for (const unwatch of unwatches) unwatch();
    });
  });
}

function doersOf(rig: Rig, part: Part): Part[] {
  return partsOf(rig, part === 'worker' ? ['worker', 'worker2'] : [part]);
}

function upstreamOf(point: Point): Upstream {
  if (point.at === 'queue') return 'redis';
  if (point.at !== 'call') return 'postgres';
  return point.call === 'upload' || point.call === 'upo' ? 'storage' : 'ksef';
}

async function endPostgres(rig: Rig, { end, lastsMs }: Of<'postgres'>, marks: Marks): Promise<void> {
  const { postgres } = rig.stores;
  await (end === 'SIGKILL' ? postgres.kill() : postgres.stop());
  marks.hit();
  await delay(lastsMs);
  await postgres.start();
}

async function endRedis(rig: Rig, { end, lastsMs }: Of<'redis'>, marks: Marks): Promise<void> {
  const { redis } = rig.stores;
  if (end === 'flush') {
    if (await redis.flush()) marks.hit();
    return;
  }
  await redis.kill();
  marks.hit();
  await delay(lastsMs);
  await redis.start();
}

/** It lasts from the first piece that it meets: some ways are taken for a moment only. Not for ever: it may meet none. */
async function troubleLink(rig: Rig, fault: Of<'link'>, marks: Marks): Promise<void> {
  const links = rig.linksTo(fault.upstream);
  const harmed = (): number => links.reduce((sum, link) => sum + link.harmed(), 0);
  const before = harmed();
  const enoughAtMs = performance.now() + FIRST_PIECE_MS_MAX;
  for (const link of links) link.put(fault.trouble);
  while (harmed() === before && performance.now() < enoughAtMs) await delay(LOOK_MS);
  if (harmed() > before) marks.hit();
  await delay(fault.lastsMs);
  for (const link of links) link.lift();
}

async function shiftClock(rig: Rig, { whose, shiftMs, lastsMs }: Of<'clock'>, marks: Marks): Promise<void> {
  rig.clocks.shift(whose, shiftMs);
  marks.hit();
  if (lastsMs === null) return;
  await delay(lastsMs);
  rig.clocks.right(whose);
}

/** Over when it has struck as often as it was to. */
async function switchOn(rig: Rig, { fault, times }: Of<'ksef'>, marks: Marks): Promise<void> {
  const { faults } = rig.ksef.emulator.control;
  const before = new Set(faults.armed());
  await faults.enable(fault, times === null ? {} : { times });
  const mine = faults.armed().filter((armed) => !before.has(armed));
  if (times === null) return marks.hit();
  const leftAtFirst = leftOf(mine);
  for (;;) {
    await delay(LOOK_MS);
    const left = leftOf(faults.armed().filter((armed) => mine.includes(armed)));
    if (left < leftAtFirst) marks.hit();
    if (left === 0) return;
    if (marks.disarmed.aborted) return;
  }
}

function leftOf(armed: readonly { times: number }[]): number {
  return armed.reduce((sum, { times }) => sum + times, 0);
}
