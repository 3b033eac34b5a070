/** Addresses as foreign clients write them: slashes too many, names in another case, methods that are not there. */
import type { Method, Operation } from './operation.ts';

/** A path of the API with single slashes and none at its end; every other address stays as it is. */
export function tidyAddress(address: string, basePath: string): string {
  const cut = address.indexOf('?');
  const path = cut < 0 ? address : address.slice(0, cut);
  const tidy = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  const isOfApi = tidy === basePath || tidy.toLowerCase().startsWith(`${basePath}/`);
  return isOfApi ? tidy + address.slice(path.length) : address;
}

/** Names of query parameters in open-api 2.7.0; the servers behind KSeF take them in any case. */
const queryNames = [
  'authorIdentifier',
  'authorIdentifierType',
  'dateClosedFrom',
  'dateClosedTo',
  'dateCreatedFrom',
  'dateCreatedTo',
  'dateModifiedFrom',
  'dateModifiedTo',
  'description',
  'pageOffset',
  'pageSize',
  'referenceNumber',
  'sessionType',
  'sortOrder',
  'status',
  'statuses',
  'verifyCertificateChain',
];
const canonical = new Map(queryNames.map((name) => [name.toLowerCase(), name]));

export function queryOf(address: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new URL(address, 'http://emulator').searchParams) {
    query.append(canonical.get(name.toLowerCase()) ?? name, value);
  }
  return query;
}

/** The methods an address knows, for the answer to one it does not know. */
export function methodsAt(operations: readonly Operation[], path: string): Method[] {
  return operations.filter((operation) => patternOf(operation.path).test(path)).map(({ method }) => method);
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`, 'i');
}
