import { XmlC14NMode } from 'libxml2-wasm';

/** What a signature may be made with; anything else, SHA-1 and HMAC above all, is unknown here. */

type Hash = 'sha256' | 'sha384' | 'sha512';
export type SignatureAlgorithm = { key: 'rsa' | 'ec'; hash: Hash };
export type Canonicalization = {
  mode: (typeof XmlC14NMode)[keyof typeof XmlC14NMode];
  withComments: boolean;
};

export const digestAlgorithms = new Map<string, Hash>([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

const SIGNATURES = 'http://www.w3.org/2001/04/xmldsig-more#';

export const signatureAlgorithms = new Map<string, SignatureAlgorithm>([
  [`${SIGNATURES}rsa-sha256`, { key: 'rsa', hash: 'sha256' }],
  [`${SIGNATURES}rsa-sha384`, { key: 'rsa', hash: 'sha384' }],
  [`${SIGNATURES}rsa-sha512`, { key: 'rsa', hash: 'sha512' }],
  [`${SIGNATURES}ecdsa-sha256`, { key: 'ec', hash: 'sha256' }],
  [`${SIGNATURES}ecdsa-sha384`, { key: 'ec', hash: 'sha384' }],
  [`${SIGNATURES}ecdsa-sha512`, { key: 'ec', hash: 'sha512' }],
]);

const { XML_C14N_1_0: inclusive, XML_C14N_EXCLUSIVE_1_0: exclusive, XML_C14N_1_1: inclusive11 } = XmlC14NMode;

/** Where a reference names none, XMLDSig takes this one. */
export const defaultCanonicalization: Canonicalization = { mode: inclusive, withComments: false };

export const canonicalizations = new Map<string, Canonicalization>([
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', defaultCanonicalization],
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments', { mode: inclusive, withComments: true }],
  ['http://www.w3.org/2006/12/xml-c14n11', { mode: inclusive11, withComments: false }],
  ['http://www.w3.org/2006/12/xml-c14n11#WithComments', { mode: inclusive11, withComments: true }],
  ['http://www.w3.org/2001/10/xml-exc-c14n#', { mode: exclusive, withComments: false }],
  ['http://www.w3.org/2001/10/xml-exc-c14n#WithComments', { mode: exclusive, withComments: true }],
]);

export const exclusiveNamespace = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const envelopedTransform = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const signedPropertiesType = 'http://uri.etsi.org/01903#SignedProperties';
