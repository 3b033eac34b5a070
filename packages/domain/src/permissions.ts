/**
 * What a login may do, by the permissions that its access token claims. Source: KSeF documentation, "Uprawnienia".
 * A token without that claim tells nothing: then KSeF's own answers decide.
 */

/** The owner of the context may do everything. */
const OWNER = 'Owner';
const SENDING = ['InvoiceWrite', OWNER];
/** Sending goes without these: reading invoices back, and what sessions of others in the context came to. */
const RECOMMENDED = ['InvoiceRead', 'Introspection'];

/** Why a login with these permissions may not send, in words; null where it may, or where nothing is claimed. */
export function sendingForbidden(permissions: readonly string[]): string | null {
  if (permissions.length === 0 || permissions.some((name) => SENDING.includes(name))) return null;
  return `the login at KSeF has ${permissions.join(', ')}, and InvoiceWrite is missing`;
}

/** What the claim says to be missing although it would be of use. */
export function recommendedMissing(permissions: readonly string[]): string[] {
  if (permissions.length === 0 || permissions.includes(OWNER)) return [];
  return RECOMMENDED.filter((name) => !permissions.includes(name));
}
