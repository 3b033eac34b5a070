/** What a process keeps in memory for a world: lost with the process, and never shared between two worlds in one. */
import type { World } from './ports.ts';

/** Made when it is first asked for. */
export function byWorld<Kept extends object>(make: () => Kept): (world: World) => Kept {
  const all = new WeakMap<World, Kept>();
  return (world) => {
    const kept = all.get(world) ?? make();
    all.set(world, kept);
    return kept;
  };
}
