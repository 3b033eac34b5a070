/**
 * What a login may do, by the permissions that its access token claims. Source: KSeF documentation, "Uprawnienia".
 * A token without that claim tells nothing: then KSeF's own answers decide.
 */

/** As claimed: none at all where the list is empty; null where there is no such claim. */
export type Permissions = readonly string[] | null;

/** The owner of the context may do everything. */
const OWNER = 'Owner';
const SENDING = ['InvoiceWrite', OWNER];
/** Sending goes without these: reading invoices back, and what sessions of others in the context came to. */
const RECOMMENDED = ['InvoiceRead', 'Introspection'];

/** Why a login with these permissions may not send, in words; null where it may, or where nothing is claimed. */
export function sendingForbidden(permissions: Permissions): string | null {
  if (permissions === null || permissions.some((name) => SENDING.includes(name))) return null;
  return `the login at KSeF has ${namesOf(permissions)}, and InvoiceWrite is missing`;
}

/** For a sentence: what a login has. */
export function namesOf(permissions: readonly string[]): string {
  return permissions.length === 0 ? 'no permission' : permissions.join(', ');
}

/** What the claim says to be missing although it would be of use. */
export function recommendedMissing(permissions: Permissions): string[] {
  if (permissions === null || permissions.includes(OWNER)) return [];
  return RECOMMENDED.filter((name) => !permissions.includes(name));
}
