/**
 * Conditions on `invoices` that its indexes know. They speak of the stage, which does not change with each step of an
 * invoice's way, and not of the state: a step that no index speaks of is written into none.
 */

/** In line. Among what is open is also what is on its way to KSeF, or there for a moment. */
export const WAITING = `stage = 'open' AND state = 'accepted'`;
export const HELD = `stage = 'held'`;
export const UNFINISHED = `stage IN ('open', 'atKsef', 'held')`;
export const CLEARED = `stage = 'cleared'`;
/** Nothing with the same identity or the same bytes can come beside it. */
export const LIVE = `stage NOT IN ('rejected', 'withdrawn')`;
export const REFUSED = `stage IN ('rejected', 'withdrawn')`;
