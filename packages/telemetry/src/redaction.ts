/** Keeps secrets out of the log: by the name of a field, and by the look of a text wherever it stands. */

const HIDDEN = '[hidden]';
const DEPTH_MAX = 8;

const secretNames = new Set(
  [
    'authorization',
    'cookie',
    'token',
    'accessToken',
    'refreshToken',
    'authenticationToken',
    'ksefToken',
    'encryptedToken',
    'adminToken',
    'apiKey',
    'password',
    'passphrase',
    'privateKey',
    'privateKeyPem',
    'certificatePem',
    'vaultKey',
    'databaseUrl',
    'queueUrl',
    'secret',
  ].map((name) => name.toLowerCase()),
);

/**
 * A copy in which the values of secret fields are hidden, at every depth, and errors are plain objects. Instances of
 * other classes (a request, a socket) are left to their serializers: to walk them would be endless.
 */
export function hideSecretFields(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return '[too deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => hideSecretFields(item, depth + 1));
  if (!(value instanceof Error) && !isPlain(value)) return value;
  const fields = value instanceof Error ? errorFields(value) : Object.entries(value);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, isSecret(name) ? HIDDEN : hideSecretFields(field, depth + 1)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isSecret(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

function errorFields(error: Error): [string, unknown][] {
  const { name, message, stack, cause } = error;
  const plain: [string, unknown][] = [
    ['type', name],
    ['message', message],
    ['stack', stack],
  ];
  if (cause !== undefined) plain.push(['cause', cause]);
  return [...plain, ...Object.entries(error)];
}

/** Each with what stays of it. In a line of JSON a secret may be followed by an escaped quote or line break. */
const secretTexts: readonly [RegExp, string][] = [
  // Upload and download addresses carry their permission in the query.
  [/(https?:\/\/[^\s"'<>?\\]+)\?[^\s"'<>\\]*/gi, '$1?[hidden]'],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>/@\\]+@/gi, '$1[hidden]@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [hidden]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[hidden]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/gs, '[hidden]'],
];

export function hideSecretTexts(line: string): string {
  return secretTexts.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
