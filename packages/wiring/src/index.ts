export { type Loop, startLoop } from './loop.ts';
export { createWorld, type WiredWorld, type WorldParts } from './world.ts';
