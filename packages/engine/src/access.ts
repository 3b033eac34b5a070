/** The authentication session that every sending begins with: opened, refreshed and renewed by itself. */
import {
  type Authentication,
  type Credential,
  judgeLogin,
  KsefFault,
  type LoginTokens,
  type Permissions,
  sendingForbidden,
} from '@wsad/domain';
import { byWorld } from './by-world.ts';
import { keepLogin, LEASE_MS } from './lease.ts';
import { areRecent, readLimits } from './limits-in-force.ts';
import { Busy, isForbidden, LoginHeld } from './outcomes.ts';
import type { World } from './ports.ts';

export interface Access {
  readonly accessToken: string;
  readonly credentialId: string;
  /** What the token claims; null where it claims nothing. */
  readonly permissions: Permissions;
}

/** An access token with less life left than this is renewed first. */
const ACCESS_MARGIN_MS = 60_000;
const LOGIN_BUSY_MS = 250;
/** KSeF's word on a token, and on a challenge that is too old as well: it is good for ten minutes. */
const BAD_LOGIN = 450;
const LOGIN_MS_MAX = 60_000;

/**
 * Runs `work` with a good access token of the seller's credentials, or of those that opened a session: it stays with
 * them until it is settled. A 401 in the middle renews the token once and repeats. Where KSeF no longer lets in who
 * opened the session, the seller's credentials of today are tried once. `opened`: the access, where it is at hand.
 */
export async function withAccess<T>(
  world: World,
  nip: string,
  credentialId: string | null,
  work: (access: Access) => Promise<T>,
  opened: Access | null = null,
): Promise<T> {
  const access = opened ?? (await openAccess(world, nip, credentialId));
  try {
    return await renewedOnce(world, nip, credentialId, access, work);
  } catch (error) {
    if (credentialId === null || !isForbidden(error)) throw error;
    const current = await world.ledger.credentialOf(nip);
    if (current === null || current.id === access.credentialId) throw error;
    return await withAccess(world, nip, null, work);
  }
}

async function renewedOnce<T>(
  world: World,
  nip: string,
  credentialId: string | null,
  access: Access,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  try {
    return await work(access);
  } catch (error) {
    if (!(error instanceof KsefFault) || error.treatment !== 'relogin') throw error;
    await world.ledger.dropAccessToken(nip, access.accessToken);
    return await work(await openAccess(world, nip, credentialId));
  }
}

/** `withAccess` for opening a session: with the seller's own credentials, which must not lack the permission to send. */
export async function withAccessToSend<T>(
  world: World,
  nip: string,
  work: (access: Access) => Promise<T>,
  opened: Access | null = null,
): Promise<T> {
  return await withAccess(world, nip, null, (access) => work(permittedToSend(access)), opened);
}

/** `openAccess`, which is held as well where the login may not send: it is found out before anything is built. */
export async function openAccessToSend(world: World, nip: string): Promise<Access> {
  return permittedToSend(await openAccess(world, nip));
}

function permittedToSend(access: Access): Access {
  const forbidden = sendingForbidden(access.permissions);
  if (forbidden !== null) throw new LoginHeld('permission_missing', forbidden);
  return access;
}

/**
 * The access token, opening or renewing the authentication session where needed. Throws LoginHeld when a person must
 * act, Busy when another process is logging in.
 */
export async function openAccess(
  world: World,
  nip: string,
  credentialId: string | null = null,
): Promise<Access> {
  const underWay = loginsOf(world);
  const key = `${nip} ${credentialId ?? ''}`;
  const login = underWay.get(key);
  if (login !== undefined) return await login;
  const opening = findOrOpen(world, nip, credentialId);
  underWay.set(key, opening);
  try {
    return await opening;
  } finally {
    underWay.delete(key);
  }
}

/** Within a process whoever needs a login that is under way waits for it; between processes the ledger decides. */
const loginsOf = byWorld(() => new Map<string, Promise<Access>>());

async function findOrOpen(world: World, nip: string, credentialId: string | null): Promise<Access> {
  const known = await world.ledger.authentication(nip, credentialId ?? undefined);
  const usable = usableAccess(known, world.clock());
  if (usable !== null) {
    const readAt = known?.limitsReadAt ?? null;
    if (readAt !== null && !areRecent(readAt, world.clock()))
      await readLimits(world, nip, usable.accessToken);
    return usable;
  }
  const credential = await credentialFor(world, nip, credentialId);
  const refused = refusalOf(known);
  if (refused !== null) return await withCurrentInstead(world, nip, credential, credentialId, refused);
  const mine = await world.ledger.beginLogin(nip, world.owner, world.clock(), LEASE_MS, credential.id);
  if (!mine)
    throw new Busy('another process is logging in', new Date(world.clock().getTime() + LOGIN_BUSY_MS));
  return await openInTurn(world, nip, credential);
}

/** What another process opened between our look and our turn is used: a second login would only cost calls. */
async function openInTurn(world: World, nip: string, credential: Credential): Promise<Access> {
  const known = await world.ledger.authentication(nip, credential.id);
  const usable = usableAccess(known, world.clock());
  if (usable === null)
    return await world.observe({ name: 'login', of: { nip } }, () => openNew(world, nip, credential, known));
  await world.ledger.releaseLogin(nip, world.owner, credential.id);
  return usable;
}

async function credentialFor(world: World, nip: string, credentialId: string | null): Promise<Credential> {
  const named = credentialId === null ? null : await world.ledger.credentialById(credentialId);
  const credential = named ?? (await world.ledger.credentialOf(nip));
  if (credential === null) throw new LoginHeld('no_credentials', 'the seller has no credentials');
  return credential;
}

function refusalOf(known: Authentication | null): LoginHeld | null {
  if (known?.state === 'refused') return new LoginHeld('login_refused', known.lastError ?? 'login refused');
  if (known?.state === 'blocked') return new LoginHeld('login_blocked', known.lastError ?? 'context blocked');
  return null;
}

/** The credentials that opened a session may be revoked by now; the seller's new ones may still be let in to it. */
async function withCurrentInstead(
  world: World,
  nip: string,
  refused: Credential,
  credentialId: string | null,
  held: LoginHeld,
): Promise<Access> {
  const current = credentialId === null ? null : await world.ledger.credentialOf(nip);
  if (current === null || current.id === refused.id) throw held;
  return await openAccess(world, nip, null);
}

function usableAccess(known: Authentication | null, now: Date): Access | null {
  if (known?.state !== 'active' || known.accessToken === null || known.accessUntil === null) return null;
  if (known.credentialId === null || known.accessUntil.getTime() - now.getTime() < ACCESS_MARGIN_MS)
    return null;
  const { accessToken, credentialId, permissions } = known;
  return { accessToken, credentialId, permissions };
}

async function openNew(
  world: World,
  nip: string,
  credential: Credential,
  known: Authentication | null,
): Promise<Access> {
  const stopRenewing = keepLogin(world, nip);
  try {
    const tokens =
      (await refreshed(world, nip, credential, known)) ?? (await loggedIn(world, nip, credential));
    // First the limits: once the access is there for all, everybody calls within those known by then.
    await readLimits(world, nip, tokens.accessToken);
    const { id, type } = credential;
    const freed = await world.ledger.finishLogin(nip, world.owner, id, type, tokens, world.clock());
    await Promise.all(freed.map((lane) => world.doorbell.dispatch(lane)));
    return { accessToken: tokens.accessToken, credentialId: id, permissions: tokens.permissions };
  } catch (error) {
    throw await loginFailed(world, nip, credential, error);
  } finally {
    stopRenewing();
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
  const tokens = await world.ksef.login(nip, credential).catch((error: unknown) => {
    throw outOfTime(world, startedAt, error) ? new Error(error.message, { cause: error }) : error;
  });
  const durationMs = world.clock().getTime() - startedAt.getTime();
  world.emit({ type: 'login.opened', nip, method: credential.type, durationMs });
  return tokens;
}

/** A login that slept on the way (a paused machine) may be refused for its challenge alone: it is simply begun anew. */
function outOfTime(world: World, startedAt: Date, error: unknown): error is KsefFault {
  const tookMs = Math.abs(world.clock().getTime() - startedAt.getTime());
  return error instanceof KsefFault && error.fault.code === BAD_LOGIN && tookMs > LOGIN_MS_MAX;
}

/**
 * Notes the failed attempt and answers the error to throw: LoginHeld where KSeF refused for good, else a plain error, so
 * that no fault of a login is ever taken for a verdict on a session.
 */
async function loginFailed(
  world: World,
  nip: string,
  credential: Credential,
  error: unknown,
): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof KsefFault) || error.treatment !== 'hold-login') {
    await world.ledger.failLogin(nip, world.owner, null, message, world.clock(), credential.id);
    return error instanceof KsefFault && error.treatment !== 'wait'
      ? new Error(message, { cause: error })
      : error;
  }
  const { code, description, details } = error.fault;
  const blocked = code !== null && judgeLogin(code) === 'blocked';
  const words = [`${code ?? ''} ${description}`.trim(), ...details].join('; ');
  const state = blocked ? 'blocked' : 'refused';
  await world.ledger.failLogin(nip, world.owner, state, words, world.clock(), credential.id);
  world.emit({ type: 'login.refused', nip, code: code ?? 0, description });
  return new LoginHeld(blocked ? 'login_blocked' : 'login_refused', words);
}
