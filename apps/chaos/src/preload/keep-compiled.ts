/**
 * Loaded before a program of wsad (`--import`): what Node compiled of it is kept (NODE_COMPILE_CACHE) while it runs, since
 * a program that is killed keeps nothing.
 */
import { flushCompileCache } from 'node:module';

const EVERY_MS = 2_000;

setInterval(flushCompileCache, EVERY_MS).unref();
