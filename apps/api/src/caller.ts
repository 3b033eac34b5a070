/** Who calls, and what a key lets its holder do. */
export const ROLES = ['read', 'submit', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The NIPs a key is for. */
export type Sellers = 'all' | readonly string[];

export interface Caller {
  /** As the audit trail names it: `admin-token` or `key:<id>`. */
  readonly actor: string;
  readonly role: Role;
  readonly sellers: Sellers;
  /** Null for the administrator token. */
  readonly keyId: string | null;
  /** When the session of a page ends unless it is used; null where the key itself came. */
  readonly expiresAt: Date | null;
}

/**
 * What a call asks of its caller, next to a key for the seller: `read` any key; `submit` one that may send;
 * `admin` one that administers the seller; `administrator` one that administers every seller;
 * `own` has its own way of asking who calls.
 */
export type Access = 'public' | 'own' | 'read' | 'submit' | 'admin' | 'administrator';

export function mayAccess(caller: Caller, access: Access): boolean {
  switch (access) {
    case 'public':
    case 'own':
    case 'read':
      return true;
    case 'submit':
      return caller.role !== 'read';
    case 'admin':
      return caller.role === 'admin';
    case 'administrator':
      return caller.role === 'admin' && caller.sellers === 'all';
  }
}

export function mayReach(caller: Caller, nip: string): boolean {
  return caller.sellers === 'all' || caller.sellers.includes(nip);
}
