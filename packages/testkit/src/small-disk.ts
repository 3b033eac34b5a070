import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWhere } from './official-files.ts';

export interface SmallDisk {
  readonly path: string;
  /** Leaves so many bytes free, about. */
  fill(leaveBytes: number): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  remove(): void;
}

/** A suite that needs a disk small enough to be filled: skipped by name where mounting one is not allowed. */
export function describeWithSmallDisk(name: string, suite: () => void): void {
  const find = (): true | null => {
    const disk = mounted('1m');
    disk?.remove();
    return disk === null ? null : true;
  };
  describeWhere(name, 'right to mount a small disk (root)', find, suite);
}

/** A file system of its own in memory, open to every user. */
export function smallDisk(megabytes: number): SmallDisk {
  const disk = mounted(`${megabytes}m`);
  if (disk === null) throw new Error('no disk could be mounted');
  return disk;
}

function mounted(size: string): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'wsad-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).status !== 0) {
    rmSync(path, { recursive: true });
    return null;
  }
  chmodSync(path, 0o777);
  const filler = join(path, 'filler');
  return {
    path,
    fill: (leaveBytes) => fillUp(filler, leaveBytes),
    free: () => rm(filler, { force: true }),
    remove: () => {
      spawnSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

const CHUNK = Buffer.alloc(16_384);

async function fillUp(filler: string, leaveBytes: number): Promise<void> {
  const file = await open(filler, 'a');
  try {
    for (;;) await file.appendFile(CHUNK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    const { size } = await file.stat();
    await file.truncate(Math.max(0, size - leaveBytes));
  } finally {
    await file.close();
  }
}
