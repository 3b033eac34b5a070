import { type Caller, type ContextIdentifier, contextKey } from '../auth/caller.ts';
import { tooManyRequests } from '../http/errors.ts';
import { type Operation, operationName } from '../http/operation.ts';
import type { Clock } from '../options.ts';
import { chargedGroup, type RateLimit, type RateLimits, rateLimits280 } from './groups.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

/** Counts calls per (context, IP) and group, and refuses with 429 what is too much. */
export type Limiter = {
  charge(operation: Operation, caller: Caller | null, ip: string): void;
  limitsOf(context: ContextIdentifier): RateLimits;
  override(context: ContextIdentifier, limits: RateLimits | null): void;
  /** Cuts every limit to a share of itself, for one context or, with null, for all. */
  cut(context: ContextIdentifier | null, factor: number): void;
  /** Takes all cuts back. */
  restore(): void;
  refused(): number;
};

export function createLimiter(
  clock: Clock,
  overrides: Map<string, RateLimits>,
  defaults: RateLimits = rateLimits280,
): Limiter {
  const windows = new Map<string, SlidingWindow>();
  const cuts = new Map<string, number>();
  let refusedCalls = 0;

  function charge(operation: Operation, caller: Caller | null, ip: string): void {
    const limits = caller === null ? defaults : limitsOf(caller.context);
    const { name, limit } = chargedGroup(limits, operation.group);
    const who = caller === null || name === 'auth' ? ip : `${contextKey(caller.context)}@${ip}`;
    const counter = name === 'other' || name === 'auth' ? `${name} ${operationName(operation)}` : name;
    take(`${counter} ${who}`, limit);
    const everything = limits.global;
    // Per context for the calls of a login as well: one address may log in far more sellers than it binds.
    if (caller !== null && everything !== undefined)
      take(`global ${contextKey(caller.context)}@${ip}`, everything);
  }

  function take(key: string, limit: RateLimit): void {
    const window = windows.get(key) ?? createSlidingWindow();
    windows.set(key, window);
    const exceeded = window.take(clock().getTime(), limit);
    if (exceeded === null) return;
    refusedCalls += 1;
    throw tooManyRequests(
      exceeded.retryAfterS,
      `Przekroczono limit ${exceeded.limit} żądań na ${exceeded.unit}. ` +
        `Spróbuj ponownie po ${exceeded.retryAfterS} sekundach.`,
    );
  }

  function limitsOf(context: ContextIdentifier): RateLimits {
    const key = contextKey(context);
    const limits = overrides.get(key) ?? defaults;
    const factor = cuts.get(key) ?? cuts.get(EVERYBODY);
    return factor === undefined ? limits : scaled(limits, factor);
  }

  function override(context: ContextIdentifier, limits: RateLimits | null): void {
    if (limits === null) overrides.delete(contextKey(context));
    else overrides.set(contextKey(context), limits);
  }

  function cut(context: ContextIdentifier | null, factor: number): void {
    cuts.set(context === null ? EVERYBODY : contextKey(context), factor);
  }

  return { charge, limitsOf, override, cut, restore: () => cuts.clear(), refused: () => refusedCalls };
}

const EVERYBODY = 'everybody';

function scaled(limits: RateLimits, factor: number): RateLimits {
  const share = (calls: number): number => Math.max(1, Math.floor(calls * factor));
  const entries = Object.entries(limits).map(([group, { perSecond, perMinute, perHour }]) => [
    group,
    { perSecond: share(perSecond), perMinute: share(perMinute), perHour: share(perHour) },
  ]);
  return Object.fromEntries(entries);
}
