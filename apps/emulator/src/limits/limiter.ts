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
  refused(): number;
};

export function createLimiter(clock: Clock, defaults: RateLimits = rateLimits280): Limiter {
  const windows = new Map<string, SlidingWindow>();
  const overrides = new Map<string, RateLimits>();
  let refusedCalls = 0;

  function charge(operation: Operation, caller: Caller | null, ip: string): void {
    const limits = caller === null ? defaults : limitsOf(caller.context);
    const { name, limit } = chargedGroup(limits, operation.group);
    const who = caller === null || name === 'auth' ? ip : `${contextKey(caller.context)}@${ip}`;
    const counter = name === 'other' || name === 'auth' ? `${name} ${operationName(operation)}` : name;
    take(`${counter} ${who}`, limit);
    const everything = limits.global;
    if (caller !== null && everything !== undefined) take(`global ${who}`, everything);
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
    return overrides.get(contextKey(context)) ?? defaults;
  }

  function override(context: ContextIdentifier, limits: RateLimits | null): void {
    if (limits === null) overrides.delete(contextKey(context));
    else overrides.set(contextKey(context), limits);
  }

  return { charge, limitsOf, override, refused: () => refusedCalls };
}
