import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm';

const NAMESPACES = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
  auth: 'http://ksef.mf.gov.pl/auth/token/2.1',
};

/** Whether xmlsec1 finds the document signed by the certificate's key. */
export function isVerified(xml: string | Buffer, certificatePem: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'wsad-xmlsec-'));
  const idOf = ['--id-attr:Id', `${NAMESPACES.xades}:SignedProperties`];
  try {
    writeFileSync(join(folder, 'cert.pem'), certificatePem);
    writeFileSync(join(folder, 'signed.xml'), xml);
    const args = ['--verify', ...idOf, '--pubkey-cert-pem', 'cert.pem', 'signed.xml'];
    return spawnSync('xmlsec1', args, { cwd: folder }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What libxml2 reads in a signed request. */
export interface ReadRequest {
  /** The texts of the elements or attributes that an XPath finds. */
  texts(path: string): string[];
  /** An element and all in it, in exclusive canonical form. */
  canonical(path: string): string;
  /** The whole document in exclusive canonical form, without its signature. */
  canonicalWithoutSignature(): string;
}

export function reading<T>(xml: string, read: (request: ReadRequest) => T): T {
  const document = XmlDocument.fromString(xml);
  const mode = XmlC14NMode.XML_C14N_EXCLUSIVE_1_0;
  const elements = (path: string) =>
    document.find(path, NAMESPACES).filter((node) => node instanceof XmlElement);
  try {
    return read({
      texts: (path) => document.find(path, NAMESPACES).map(({ content }) => content),
      canonical: (path) => elements(path)[0]?.canonicalizeToString({ mode }) ?? '',
      canonicalWithoutSignature() {
        for (const signature of elements('//ds:Signature')) signature.remove();
        return document.canonicalizeToString({ mode });
      },
    });
  } finally {
    document.dispose();
  }
}
