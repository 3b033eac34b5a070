/**
 * Loaded before a program of wsad (`--import`): plants bugs in its files as they are read, to see that the checker
 * catches them. CHAOS_PLANTS holds a list of {file, find, plant}; a text that is not there ends the program.
 */
import { registerHooks } from 'node:module';
import { env } from 'node:process';

const plants: readonly { file: string; find: string; plant: string }[] = JSON.parse(env.CHAOS_PLANTS ?? '[]');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const mine = plants.filter(({ file }) => url.endsWith(`/${file}`));
    if (mine.length === 0) return loaded;
    let source = String(loaded.source ?? '');
    for (const { file, find, plant } of mine) {
      if (!source.includes(find)) throw new Error(`${file} does not hold: ${find}`);
      source = source.replace(find, () => plant);
    }
    return { ...loaded, source };
  },
});
