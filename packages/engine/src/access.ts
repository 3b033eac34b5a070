/** The authentication session that every sending begins with: opened, refreshed and renewed by itself. */
import { type Authentication, type Credential, KsefFault, type LoginTokens } from '@wsad/domain';
import { Busy, LoginHeld } from './outcomes.ts';
import type { World } from './ports.ts';

export interface Access {
  readonly accessToken: string;
  readonly credentialId: string;
}

/** An access token with less life left than this is renewed first. */
const ACCESS_MARGIN_MS = 60_000;
/** Longer than a login may take, so that two processes never log in at once. */
const LOGIN_LEASE_MS = 150_000;
const LOGIN_BUSY_MS = 100;
const LIMITS_MAX_AGE_MS = 3_600_000;
const BLOCKED = 480;

/** Runs `work` with a good access token; a 401 in the middle renews it once and repeats. */
export async function withAccess<T>(
  world: World,
  nip: string,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  const access = await openAccess(world, nip);
  try {
    return await work(access);
  } catch (error) {
    if (!(error instanceof KsefFault) || error.treatment !== 'relogin') throw error;
    await world.ledger.dropAccessToken(nip, access.accessToken);
    return await work(await openAccess(world, nip));
  }
}

/**
 * The seller's access token, opening or renewing the authentication session where needed.
 * Throws LoginHeld when a person must act, Busy when another process is logging in.
 */
export async function openAccess(world: World, nip: string): Promise<Access> {
  const underWay = loginsOf(world);
  const login = underWay.get(nip);
  if (login !== undefined) return await login;
  const opening = findOrOpen(world, nip);
  underWay.set(nip, opening);
  try {
    return await opening;
  } finally {
    underWay.delete(nip);
  }
}

const loginsByWorld = new WeakMap<World, Map<string, Promise<Access>>>();

/** Within a process whoever needs a login that is under way waits for it; between processes the ledger decides. */
function loginsOf(world: World): Map<string, Promise<Access>> {
  const known = loginsByWorld.get(world) ?? new Map<string, Promise<Access>>();
  loginsByWorld.set(world, known);
  return known;
}

async function findOrOpen(world: World, nip: string): Promise<Access> {
  const known = await world.ledger.authentication(nip);
  const usable = usableAccess(known, world.clock());
  if (usable !== null) return usable;
  if (known?.state === 'refused') throw new LoginHeld('login_refused', known.lastError ?? 'login refused');
  if (known?.state === 'blocked') throw new LoginHeld('login_blocked', known.lastError ?? 'context blocked');
  const credential = await world.ledger.credentialOf(nip);
  if (credential === null) throw new LoginHeld('no_credentials', 'the seller has no credentials');
  const mine = await world.ledger.beginLogin(nip, world.owner, world.clock(), LOGIN_LEASE_MS);
  if (!mine)
    throw new Busy('another process is logging in', new Date(world.clock().getTime() + LOGIN_BUSY_MS));
  return await openNew(world, nip, credential, known);
}

function usableAccess(known: Authentication | null, now: Date): Access | null {
  if (known?.state !== 'active' || known.accessToken === null || known.accessUntil === null) return null;
  if (known.credentialId === null || known.accessUntil.getTime() - now.getTime() < ACCESS_MARGIN_MS)
    return null;
  return { accessToken: known.accessToken, credentialId: known.credentialId };
}

async function openNew(
  world: World,
  nip: string,
  credential: Credential,
  known: Authentication | null,
): Promise<Access> {
  try {
    const tokens =
      (await refreshed(world, nip, credential, known)) ?? (await loggedIn(world, nip, credential));
    await world.ledger.finishLogin(nip, world.owner, credential.id, credential.type, tokens, world.clock());
    await readLimits(world, nip, tokens.accessToken);
    return { accessToken: tokens.accessToken, credentialId: credential.id };
  } catch (error) {
    throw await loginFailed(world, nip, error);
  }
}

/** A refresh that fails for whatever reason is no reason to stop: a full login follows. */
async function refreshed(
  world: World,
  nip: string,
  credential: Credential,
  known: Authentication | null,
): Promise<LoginTokens | null> {
  const { refreshToken = null, refreshUntil = null } = known ?? {};
  if (refreshToken === null || refreshUntil === null || known?.credentialId !== credential.id) return null;
  const startedAt = world.clock();
  if (refreshUntil.getTime() - startedAt.getTime() < ACCESS_MARGIN_MS) return null;
  try {
    const access = await world.ksef.refresh(nip, refreshToken);
    world.emit({ type: 'login.refreshed', nip, durationMs: world.clock().getTime() - startedAt.getTime() });
    return { ...access, refreshToken, refreshUntil };
  } catch (error) {
    if (error instanceof KsefFault && error.treatment !== 'wait') return null;
    throw error;
  }
}

async function loggedIn(world: World, nip: string, credential: Credential): Promise<LoginTokens> {
  const startedAt = world.clock();
  const tokens = await world.ksef.login(nip, credential);
  const durationMs = world.clock().getTime() - startedAt.getTime();
  world.emit({ type: 'login.opened', nip, method: credential.type, durationMs });
  return tokens;
}

/** Notes the failed attempt and answers the error to throw: LoginHeld where KSeF refused for good. */
async function loginFailed(world: World, nip: string, error: unknown): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof KsefFault) || error.treatment !== 'hold-login') {
    await world.ledger.failLogin(nip, world.owner, null, message, world.clock());
    return error;
  }
  const { code, description } = error.fault;
  const blocked = code === BLOCKED;
  const words = `${code ?? ''} ${description}`.trim();
  await world.ledger.failLogin(nip, world.owner, blocked ? 'blocked' : 'refused', words, world.clock());
  world.emit({ type: 'login.refused', nip, code: code ?? 0, description });
  return new LoginHeld(blocked ? 'login_blocked' : 'login_refused', words);
}

/** The limits in force, once an hour; when they cannot be read the last known ones (or the documented) go on. */
async function readLimits(world: World, nip: string, accessToken: string): Promise<void> {
  const now = world.clock();
  const readAt = await world.ledger.rateLimitsReadAt(nip);
  if (readAt !== null && now.getTime() - readAt.getTime() < LIMITS_MAX_AGE_MS) return;
  try {
    await world.ledger.saveRateLimits(nip, await world.ksef.rateLimits(nip, accessToken), now);
  } catch (error) {
    if (!(error instanceof KsefFault)) throw error;
  }
}
