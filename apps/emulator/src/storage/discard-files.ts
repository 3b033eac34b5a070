/** Files of the emulator's folder that nobody needs any more. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { World } from '../world.ts';

/** First it is written down that they are not needed: a restart in between must not miss them. */
export async function discardFiles(world: World, names: readonly string[]): Promise<void> {
  await world.save();
  await Promise.all(names.map((name) => rm(path.join(world.folder, name), { force: true })));
}
