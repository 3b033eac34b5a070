/**
 * Loaded before a program of wsad (`--import`): plants a bug in one of its files as it is read, to see that the checker
 * catches it. CHAOS_PLANT holds {file, find, plant}; a text that is not there ends the program.
 */
import { registerHooks } from 'node:module';
import { env } from 'node:process';

const { file, find, plant } = JSON.parse(env.CHAOS_PLANT ?? '{}');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${file}`)) return loaded;
    const source = String(loaded.source ?? '');
    if (!source.includes(find)) throw new Error(`${file} does not hold: ${find}`);
    return { ...loaded, source: source.replace(find, () => plant) };
  },
});
