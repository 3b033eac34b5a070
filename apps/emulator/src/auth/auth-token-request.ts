import type { XmlElement } from 'libxml2-wasm';
import { type ApiError, badRequest } from '../http/errors.ts';
import { elementsIn, hasOwnText, parseXml } from '../xades/xml.ts';
import type { ContextIdentifier } from './caller.ts';
import { contextSchema } from './context-schema.ts';

/** The AuthTokenRequest of a login by signature, held against the rules of its schema (versions 2.0 and 2.1) by hand. */

export type SubjectIdentifierType = 'certificateSubject' | 'certificateFingerprint';

export type AuthTokenRequest = {
  challenge: string;
  context: ContextIdentifier;
  subjectIdentifierType: SubjectIdentifierType;
};

const requestNamespaces = new Set([
  'http://ksef.mf.gov.pl/auth/token/2.0',
  'http://ksef.mf.gov.pl/auth/token/2.1',
]);
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const challengePattern = /^\d{8}-CR-[A-F0-9]{10}-[A-F0-9]{10}-[A-F0-9]{2}$/;

const ip = String.raw`(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$|[-/])|(?=$|[-/]))){4}`;
const ipPatterns: readonly (readonly [string, RegExp])[] = [
  ['Ip4Address', new RegExp(`^${ip}$`)],
  ['Ip4Range', new RegExp(`^${ip}-${ip}$`)],
  ['Ip4Mask', new RegExp(`^${ip}/(?:\\d|[12]\\d|3[0-2])$`)],
];
const ADDRESSES_MAX = 10;

/** Reads the canonical octets that were signed: the request, or the object of an enveloping signature around it. */
export function readAuthTokenRequest(octets: Buffer): AuthTokenRequest {
  using document = parseXml(octets);
  const { root } = document;
  if (root.name === 'AuthTokenRequest') return requestOf(root);
  const inside = elementsIn(root);
  const [request] = inside;
  if (request === undefined || inside.length > 1 || hasOwnText(root)) throw badRequest(9101);
  return requestOf(request);
}

function requestOf(root: XmlElement): AuthTokenRequest {
  if (!requestNamespaces.has(root.namespaceUri)) throw notValid(`nieznany dokument ${root.namespaceUri}`);
  requireBare(root);
  const [challenge, context, subject, policy, ...surplus] = partsOf(root);
  const wanted = [challenge, context, subject].map((part) => part?.name).join();
  if (wanted !== 'Challenge,ContextIdentifier,SubjectIdentifierType' || surplus.length > 0) {
    throw notValid('oczekiwano Challenge, ContextIdentifier, SubjectIdentifierType i AuthorizationPolicy');
  }
  if (policy !== undefined) checkPolicy(policy);
  return {
    challenge: challengeOf(textOf(challenge)),
    context: contextOf(context),
    subjectIdentifierType: subjectTypeOf(textOf(subject)),
  };
}

/** The elements inside, each of the request's own namespace and with no text between them. */
function partsOf(parent: XmlElement | undefined): XmlElement[] {
  if (parent === undefined) return [];
  const parts = elementsIn(parent);
  for (const part of parts) {
    if (part.namespaceUri !== parent.namespaceUri) throw notValid(`obcy element ${part.name}`);
    requireBare(part);
  }
  if (hasOwnText(parent)) throw notValid(`tekst w ${parent.name}`);
  return parts;
}

function requireBare(element: XmlElement): void {
  const foreign = element.attrs.find(({ namespaceUri }) => namespaceUri !== XSI);
  if (foreign !== undefined) throw notValid(`atrybut ${foreign.name} w ${element.name}`);
}

function textOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  if (elementsIn(element).length > 0) throw notValid(`elementy w ${element.name}`);
  return element.content;
}

/** xsd:token: white space at the ends does not count. */
function token(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function challengeOf(text: string): string {
  const challenge = token(text);
  if (!challengePattern.test(challenge)) throw notValid(`Challenge ${challenge}`);
  return challenge;
}

function contextOf(element: XmlElement | undefined): ContextIdentifier {
  const [identifier, ...surplus] = partsOf(element);
  if (identifier === undefined || surplus.length > 0) throw notValid('ContextIdentifier');
  const context = contextSchema.safeParse({ type: identifier.name, value: textOf(identifier) });
  if (!context.success) throw notValid(`ContextIdentifier ${identifier.name}`);
  return context.data;
}

function subjectTypeOf(text: string): SubjectIdentifierType {
  const type = token(text);
  if (type === 'certificateSubject' || type === 'certificateFingerprint') return type;
  throw notValid(`SubjectIdentifierType ${type}`);
}

function checkPolicy(policy: XmlElement): void {
  const [allowed, ...surplus] = partsOf(policy);
  if (policy.name !== 'AuthorizationPolicy' || allowed?.name !== 'AllowedIps' || surplus.length > 0) {
    throw notValid('AuthorizationPolicy');
  }
  const rest = partsOf(allowed);
  for (const [name, pattern] of ipPatterns) {
    const ofKind = rest.splice(0, countLeading(rest, name));
    const good = ofKind.every((address) => pattern.test(token(textOf(address))));
    if (!good || ofKind.length > ADDRESSES_MAX) throw notValid(name);
  }
  if (rest.length > 0) throw notValid('AllowedIps');
}

function countLeading(elements: readonly XmlElement[], name: string): number {
  const other = elements.findIndex((element) => element.name !== name);
  return other < 0 ? elements.length : other;
}

function notValid(detail: string): ApiError {
  return badRequest(21401, detail);
}
