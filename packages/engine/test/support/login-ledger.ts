import {
  type Authentication,
  type Credential,
  HOLDS_CURED_BY_CREDENTIALS,
  sendingForbidden,
} from '@wsad/domain';
import type { LoginLedger } from '../../src/index.ts';
import { LANE, type LedgerState, type ModelInvoice, moveInvoice, NIP } from './state.ts';

const NO_LOGIN: Authentication = {
  nip: NIP,
  state: 'none',
  credentialId: null,
  method: null,
  accessToken: null,
  accessUntil: null,
  refreshToken: null,
  refreshUntil: null,
  permissions: null,
  limitsReadAt: null,
  lastError: null,
};

/** New credentials start without a login and release what was held for the want of good ones. */
export function putCredential(state: LedgerState, credential: Credential): void {
  state.currentCredential = credential;
  state.credentials.set(credential.id, credential);
  for (const invoice of state.invoices.values()) {
    const cured = HOLDS_CURED_BY_CREDENTIALS.some((cause) => cause === invoice.holdCause);
    if (invoice.state === 'held' && cured) release(invoice);
  }
}

/** A missing permission that KSeF named in its verdict stays; everything else goes on. */
function release(invoice: ModelInvoice): boolean {
  if (invoice.holdCause === 'permission_missing' && invoice.sessionId !== null) return false;
  moveInvoice(invoice, 'accepted');
  invoice.holdCause = null;
  return true;
}

export function loginOf(state: LedgerState, credentialId: string): Authentication {
  return state.logins.get(credentialId) ?? { ...NO_LOGIN, credentialId };
}

export function loggingIn(state: LedgerState): LoginLedger {
  const change = (credentialId: string, changes: Partial<Authentication>): void => {
    state.logins.set(credentialId, { ...loginOf(state, credentialId), ...changes });
  };
  return {
    async authentication(_nip, credentialId) {
      const id = credentialId ?? state.currentCredential?.id;
      return id === undefined ? null : { ...loginOf(state, id), limitsReadAt: state.limitsReadAt };
    },
    async credentialOf() {
      return state.currentCredential;
    },
    async credentialById(id) {
      return state.credentials.get(id) ?? null;
    },
    async beginLogin(_nip, owner, now, leaseMs, credentialId = state.currentCredential?.id ?? '') {
      const lease = state.loginLeases.get(credentialId);
      if (lease !== undefined && lease.until > now) return false;
      if (['refused', 'blocked'].includes(loginOf(state, credentialId).state)) return false;
      state.loginLeases.set(credentialId, { owner, until: new Date(now.getTime() + leaseMs) });
      return true;
    },
    async releaseLogin(_nip, _owner, credentialId) {
      state.loginLeases.delete(credentialId);
    },
    async renewLogin() {},
    async finishLogin(_nip, _owner, credentialId, method, tokens) {
      state.loginLeases.delete(credentialId);
      const before = loginOf(state, credentialId).permissions;
      change(credentialId, { state: 'active', method, ...tokens, lastError: null });
      if (sendingForbidden(tokens.permissions) !== null || sendingForbidden(before) === null) return [];
      const lacking = [...state.invoices.values()].filter((each) => each.holdCause === 'permission_missing');
      return lacking.filter(release).length > 0 ? [LANE] : [];
    },
    async failLogin(_nip, _owner, failed, lastError, _now, credentialId = '') {
      state.loginLeases.delete(credentialId);
      const forgotten = { accessToken: null, accessUntil: null, refreshToken: null, refreshUntil: null };
      change(credentialId, failed === null ? { lastError } : { state: failed, lastError, ...forgotten });
    },
    async dropAccessToken(_nip, accessToken) {
      for (const [id, login] of state.logins) {
        if (login.accessToken === accessToken) change(id, { accessToken: null, accessUntil: null });
      }
    },
    async authSessionWork() {
      return { revocations: [], listWanted: false };
    },
    async saveAuthSessions() {},
    async saveRevocation() {},
    async saveRateLimits(_nip, _limits, now) {
      state.limitsReadAt = now;
    },
    async rateLimitsReadAt() {
      return state.limitsReadAt;
    },
  };
}
