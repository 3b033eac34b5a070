/** Which files of a drop folder are whole: those that nobody has written to for a while. */

export interface Look {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

interface Known extends Look {
  readonly sinceMs: number;
}

export interface RestWatch {
  /** Names of those that have stood as they are for at least `restMs`, by what this and earlier looks saw. */
  rested(looks: readonly Look[], nowMs: number): string[];
}

export function createRestWatch(restMs: number): RestWatch {
  let known = new Map<string, Known>();
  return {
    rested(looks, nowMs) {
      known = new Map(looks.map((look) => [look.name, { ...look, sinceMs: sinceOf(known, look, nowMs) }]));
      return [...known.values()].filter(({ sinceMs }) => nowMs - sinceMs >= restMs).map(({ name }) => name);
    },
  };
}

/** By our own looks, not by the time in the file: its clock may be another machine's, and copying may keep an old one. */
function sinceOf(known: ReadonlyMap<string, Known>, look: Look, nowMs: number): number {
  const before = known.get(look.name);
  const isSame = before?.sizeBytes === look.sizeBytes && before.modifiedMs === look.modifiedMs;
  return isSame ? before.sinceMs : nowMs;
}
