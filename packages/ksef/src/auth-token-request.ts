/** The document that a login by certificate signs. Source: KSeF documentation, schema `schemat_auth_v2-1.xsd`. */
import { escapeText } from './canonical-xml.ts';

export interface AuthTokenRequest {
  readonly challenge: string;
  /** The context: for whom we log in. */
  readonly nip: string;
}

/**
 * The request in canonical form (exclusive C14N), with room for more content before its end. KSeF finds the person or
 * company in the subject of the certificate that signs.
 */
export function authTokenRequest({ challenge, nip }: AuthTokenRequest, signature = ''): string {
  return [
    '<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1">',
    `<Challenge>${escapeText(challenge)}</Challenge>`,
    `<ContextIdentifier><Nip>${escapeText(nip)}</Nip></ContextIdentifier>`,
    '<SubjectIdentifierType>certificateSubject</SubjectIdentifierType>',
    signature,
    '</AuthTokenRequest>',
  ].join('');
}
