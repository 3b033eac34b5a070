import { createHash, type X509Certificate } from 'node:crypto';
import { badRequest } from '../http/errors.ts';
import type { Answer, Call } from '../http/operation.ts';
import type { World } from '../world.ts';
import { type VerifiedDocument, verifyXades } from '../xades/verify.ts';
import { readAuthTokenRequest } from './auth-token-request.ts';
import { beginLogin, blockedLogin, type Judgement, refusedLogin } from './begin-login.ts';
import { type ContextIdentifier, contextKey, type SubjectIdentifier } from './caller.ts';
import { certificateSubject } from './certificate-subject.ts';

/** `POST /auth/xades-signature`: what is wrong with the document is a 400, with its certificate or rights a status. */
export async function loginWithXades({ world, body, query }: Call): Promise<Answer> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const verified = verifyXades(bytes);
  const { challenge, context, subjectIdentifierType } = readAuthTokenRequest(verified.octets);
  if (world.logins.consume(challenge) === null) throw badRequest(21111);
  if (context.type === 'PeppolId') throw badRequest(21117);
  const { identifier, method } = certificateSubject(verified.certificate, subjectIdentifierType);
  const mustBeTrusted = world.settings.env !== 'TEST' || query.get('verifyCertificateChain') === 'true';
  const judged =
    judgeCertificate(world, verified, mustBeTrusted) ??
    judgeSubject(world, context, identifier, sha256(bytes));
  return beginLogin(world, context, method, judged);
}

/** What the certificate itself is refused for, by the emulator's clock. */
function judgeCertificate(
  world: World,
  { certificate }: VerifiedDocument,
  mustBeTrusted: boolean,
): Judgement | null {
  const now = world.clock();
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo)) {
    return refusedLogin(460, 'Nieważny certyfikat');
  }
  const trusted = world.authority.issued(certificate) || (!mustBeTrusted && isSelfSigned(certificate));
  return trusted ? null : refusedLogin(460, 'Niezaufany łańcuch certyfikatów');
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

/** The holder of the context's own NIP owns it; anybody else may do what was granted. */
function judgeSubject(
  world: World,
  context: ContextIdentifier,
  identifier: SubjectIdentifier,
  documentHash: string,
): Judgement {
  if (world.testdata.blockedContexts.has(contextKey(context))) return blockedLogin;
  if (world.testdata.isDeceased(identifier)) {
    return refusedLogin(470, 'Próba wykorzystania metod autoryzacyjnych osoby zmarłej');
  }
  const isOwner = context.type === 'Nip' && world.testdata.owns(identifier, context.value);
  const permissions = isOwner ? ['Owner'] : world.testdata.permissionsOf(context, identifier);
  if (permissions.length === 0) return refusedLogin(415, 'Brak przypisanych uprawnień');
  const subject = `${identifier.type}:${identifier.value}`;
  return {
    status: { code: 200 },
    identity: { subject, identifier, tokenReference: '', documentHash, permissions },
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
