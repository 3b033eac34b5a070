import type { Authentication, Credential } from '@wsad/domain';
import type { LoginLedger } from '../../src/index.ts';
import { type LedgerState, moveInvoice, NIP } from './state.ts';

const NO_LOGIN: Authentication = {
  nip: NIP,
  state: 'none',
  credentialId: null,
  method: null,
  accessToken: null,
  accessUntil: null,
  refreshToken: null,
  refreshUntil: null,
  permissions: [],
  lastError: null,
};

/** New credentials start without a login and release what was held for the want of good ones. */
export function putCredential(state: LedgerState, credential: Credential): void {
  state.currentCredential = credential;
  state.credentials.set(credential.id, credential);
  for (const invoice of state.invoices.values()) {
    const cured = ['no_credentials', 'login_refused', 'login_blocked'].includes(invoice.holdCause ?? '');
    if (invoice.state !== 'held' || !cured) continue;
    moveInvoice(invoice, 'accepted');
    invoice.holdCause = null;
  }
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
      return id === undefined ? null : loginOf(state, id);
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
    async renewLogin() {},
    async finishLogin(_nip, _owner, credentialId, method, tokens) {
      state.loginLeases.delete(credentialId);
      change(credentialId, { state: 'active', method, ...tokens, lastError: null });
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
    async saveRateLimits(_nip, _limits, now) {
      state.limitsReadAt = now;
    },
    async rateLimitsReadAt() {
      return state.limitsReadAt;
    },
  };
}
