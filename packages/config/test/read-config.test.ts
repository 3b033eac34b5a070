import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  describe as describeConfig,
  type Environment,
  readConfig,
  variables,
} from '../src/index.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const server = {
  DATABASE_URL: 'postgres://wsad:pa55word@db:5432/wsad?sslmode=require',
  VAULT_KEY: key,
  ADMIN_TOKEN: 'a-long-admin-token',
};
const all = { role: 'all' } as const;

function refusal(env: Environment, role: 'all' | 'api' | 'worker' | 'poller' = 'all'): ConfigError {
  try {
    readConfig(env, { role });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('an empty environment', () => {
  it('is embedded TEST with every default', () => {
    const config = readConfig({}, all);
    expect(config).toMatchObject({
      ksef: { environment: 'TEST', baseUrl: 'https://api-test.ksef.mf.gov.pl/v2' },
      databaseUrl: null,
      queueUrl: null,
      api: { host: '127.0.0.1', port: 8080, trustedProxies: [] },
      lingerMs: 250,
      compression: 'TarGz',
      logLevel: 'info',
      egress: 'default',
      shutdownMs: 25_000,
      healthPort: null,
      practises: true,
      endsWithParent: false,
      warnings: [],
    });
    expect(config.dataDir).toMatch(/^\/.*\.data$/);
  });

  it('is also what empty and blank values mean', () => {
    expect(readConfig({ KSEF_ENV: '', QUEUE_URL: ' ', WSAD_LINGER_MS: '' }, all)).toEqual(
      readConfig({}, all),
    );
  });

  it('gives a frozen configuration', () => {
    const config = readConfig({}, all);
    for (const part of [config, config.ksef, config.api, config.secrets, config.warnings]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('the status service', () => {
  const latarniaOf = (env: Environment) => readConfig(env, all).ksef.latarniaUrl;

  it('is that of the environment, where it has one and KSeF itself is not replaced', () => {
    expect(latarniaOf({})).toBe('https://api-latarnia-test.ksef.mf.gov.pl');
    expect(latarniaOf({ KSEF_ENV: 'PRD' })).toBe('https://api-latarnia.ksef.mf.gov.pl');
    expect(latarniaOf({ KSEF_ENV: 'DEMO' })).toBeNull();
    expect(latarniaOf({ KSEF_BASE_URL: 'http://127.0.0.1:8088/v2' })).toBeNull();
  });

  it('is another one where an address is given, and none where it is off or empty', () => {
    const replaced = { KSEF_BASE_URL: 'http://127.0.0.1:8088/v2' };
    expect(latarniaOf({ ...replaced, WSAD_LATARNIA_URL: 'http://127.0.0.1:9/x/' })).toBe(
      'http://127.0.0.1:9/x',
    );
    for (const off of ['off', '', ' ']) expect(latarniaOf({ WSAD_LATARNIA_URL: off })).toBeNull();
    expect(refusal({ WSAD_LATARNIA_URL: 'http://elsewhere.example' }).message).toMatch(
      /WSAD_LATARNIA_URL must be/,
    );
  });
});

describe('traces', () => {
  const tracesOf = (env: Environment) => readConfig(env, all).traces;

  it('are kept nowhere where no address is given', () => {
    expect(tracesOf({})).toEqual({ url: null, share: 1 });
    expect(tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }).url).toBeNull();
  });

  it('go to the address of all signals, or to their own as it is', () => {
    const of = (env: Environment) => tracesOf(env).url;
    const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector:4318/' };
    expect(of(general)).toBe('http://otel-collector:4318/v1/traces');
    expect(of({ ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' })).toBe(
      'https://traces.example/in',
    );
    for (const wrong of [
      'otel-collector:4318',
      'grpc://a:4317',
      'http://user:secret@a',
      'http://a?key=secret',
    ])
      expect(refusal({ OTEL_EXPORTER_OTLP_ENDPOINT: wrong }).message).toMatch(
        /OTEL_EXPORTER_OTLP_ENDPOINT must be/,
      );
  });

  it('are kept in part where a share is given', () => {
    for (const [given, read] of [
      ['0', 0],
      ['0.25', 0.25],
      ['.5', 0.5],
      ['1', 1],
    ] as const)
      expect(tracesOf({ OTEL_TRACES_SAMPLER_ARG: given }).share).toBe(read);
    for (const wrong of ['1.5', '-1', 'all'])
      expect(refusal({ OTEL_TRACES_SAMPLER_ARG: wrong }).message).toMatch(/must be a number from 0 to 1/);
  });
});

describe('values', () => {
  it('are read as what they are', () => {
    const config = readConfig(
      {
        ...server,
        KSEF_ENV: 'PRD',
        QUEUE_URL: 'rediss://redis:6380',
        API_PORT: '0',
        API_TRUST_PROXY: '10.0.0.0/8, 192.168.1.4,fd00::/8',
        WSAD_LINGER_MS: '0',
        WSAD_COMPRESSION: 'Zip',
        WSAD_WORKER_CONCURRENCY: '3',
        WSAD_HEALTH_PORT: '9101',
        WSAD_PRACTICE: 'off',
        WSAD_PARENT_IPC: '1',
      },
      { role: 'worker' },
    );
    expect(config).toMatchObject({
      role: 'worker',
      ksef: { environment: 'PRD', baseUrl: 'https://api.ksef.mf.gov.pl/v2' },
      databaseUrl: server.DATABASE_URL,
      queueUrl: 'rediss://redis:6380',
      api: { port: 0, trustedProxies: ['10.0.0.0/8', '192.168.1.4', 'fd00::/8'] },
      lingerMs: 0,
      compression: 'Zip',
      workerConcurrency: 3,
      healthPort: 9101,
      practises: false,
      endsWithParent: true,
    });
    expect(config.secrets.vaultKey).toEqual(Buffer.alloc(32, 7));
  });

  it('leave the queue in the database where nothing else is said', () => {
    expect(readConfig(server, all).queueUrl).toBe(server.DATABASE_URL);
  });

  it.each([
    'http://127.0.0.1:8088/v2',
    'http://localhost:1/v2',
    'http://[::1]:9/v2',
    'https://ksef.example.com/proxy/v2',
  ])('accept %s as the address of KSeF', (address) => {
    expect(readConfig({ KSEF_BASE_URL: address }, all).ksef.baseUrl).toBe(address);
  });
});

describe('a start is stopped by one line that names the variable and gives an example', () => {
  it.each<[string, Environment, 'all' | 'api' | 'worker' | 'poller']>([
    ['KSEF_ENV', { KSEF_ENV: 'PROD' }, 'all'],
    ['KSEF_BASE_URL', { KSEF_BASE_URL: 'http://ksef.example.com/v2' }, 'all'],
    ['KSEF_BASE_URL', { KSEF_BASE_URL: 'https://ksef.example.com' }, 'all'],
    ['KSEF_BASE_URL', { KSEF_BASE_URL: 'https://user:word@ksef.example.com/v2' }, 'all'],
    ['KSEF_BASE_URL', { KSEF_BASE_URL: 'http://127.0.0.1.example.com/v2' }, 'all'],
    ['DATABASE_URL', { ...server, DATABASE_URL: 'mysql://db/wsad' }, 'all'],
    ['DATABASE_URL', { ...server, DATABASE_URL: 'db:5432' }, 'all'],
    ['DATABASE_URL', {}, 'worker'],
    ['QUEUE_URL', { QUEUE_URL: 'amqp://rabbit' }, 'all'],
    ['API_PORT', { API_PORT: '65536' }, 'all'],
    ['API_PORT', { API_PORT: '80a' }, 'all'],
    ['API_TRUST_PROXY', { API_TRUST_PROXY: 'true' }, 'all'],
    ['API_TRUST_PROXY', { API_TRUST_PROXY: '1' }, 'all'],
    ['API_TRUST_PROXY', { API_TRUST_PROXY: '0.0.0.0/0' }, 'all'],
    ['API_TRUST_PROXY', { API_TRUST_PROXY: '10.0.0.0/33' }, 'all'],
    ['API_TRUST_PROXY', { API_TRUST_PROXY: '10.0.0.1,proxy' }, 'all'],
    ['VAULT_KEY', { VAULT_KEY: 'c2hvcnQ=' }, 'all'],
    ['VAULT_KEY', { VAULT_KEY: `${key.slice(0, -2)}!=` }, 'all'],
    ['VAULT_KEY', { ...server, VAULT_KEY: undefined }, 'poller'],
    ['VAULT_KEY_FILE', { ...server, VAULT_KEY_FILE: '/run/key' }, 'all'],
    ['ADMIN_TOKEN', { ...server, ADMIN_TOKEN: undefined }, 'api'],
    ['ADMIN_TOKEN', { ADMIN_TOKEN: 'two words' }, 'all'],
    ['WSAD_LINGER_MS', { WSAD_LINGER_MS: '-1' }, 'all'],
    ['WSAD_LINGER_MS', { WSAD_LINGER_MS: '0.5' }, 'all'],
    ['WSAD_COMPRESSION', { WSAD_COMPRESSION: 'gzip' }, 'all'],
    ['WSAD_WORKER_CONCURRENCY', { WSAD_WORKER_CONCURRENCY: '0' }, 'all'],
    ['WSAD_LOG_LEVEL', { WSAD_LOG_LEVEL: 'loud' }, 'all'],
    ['WSAD_EGRESS', { WSAD_EGRESS: 'a b' }, 'all'],
  ])('%s', (name, env, role) => {
    const error = refusal(env, role);
    expect(error.variable).toBe(name);
    expect(error.message).toContain(name);
    expect(error.message).toMatch(/, for example [A-Z_]+=\S/);
    expect(error.message).not.toContain('\n');
  });

  it('an unknown variable of ours, with those that there are', () => {
    const error = refusal({ KSEF_ENVIRONMENT: 'TEST' });
    expect(error.variable).toBe('KSEF_ENVIRONMENT');
    expect(error.message).toMatch(/not a variable of wsad; .*KSEF_ENV, KSEF_BASE_URL/);
    expect(refusal({ WSAD_LINGER: '1' }).variable).toBe('WSAD_LINGER');
  });

  it('an address of one environment under the rules of another', () => {
    const error = refusal({ KSEF_ENV: 'TEST', KSEF_BASE_URL: 'https://api.ksef.mf.gov.pl/v2' });
    expect(error.message).toMatch(/address of PRD while KSEF_ENV is TEST/);
  });

  it('and never by one that tells a secret', () => {
    const secrets: Environment[] = [
      { ...server, VAULT_KEY: 'not-a-key-but-secret' },
      { ...server, DATABASE_URL: 'mysql://wsad:pa55word@db' },
      { ...server, ADMIN_TOKEN: 'secret with spaces' },
      { ...server, QUEUE_URL: 'amqp://user:pa55word@rabbit' },
    ];
    for (const env of secrets) expect(refusal(env).message).not.toMatch(/secret with|but-secret|pa55word/);
  });
});

it('a worker of its own needs no administrator token', () => {
  expect(readConfig({ ...server, ADMIN_TOKEN: undefined }, { role: 'worker' }).secrets.adminToken).toBeNull();
});

it('other variables of the environment are left alone', () => {
  const commandLine = { WSAD_URL: 'http://127.0.0.1:8080', WSAD_KEY: 'k', WSAD_KEY_FILE: 'f' };
  const others = { PATH: '/bin', HOME: '/root', PGHOST: 'db', WSAD_SEED: '7', ...commandLine };
  expect(() => readConfig(others, all)).not.toThrow();
});

it('warns of production on the embedded database, and of a token that may be guessed', () => {
  const { warnings } = readConfig({ KSEF_ENV: 'PRD', ADMIN_TOKEN: 'admin' }, all);
  expect(warnings).toEqual([
    expect.stringMatching(/embedded database/),
    expect.stringMatching(/ADMIN_TOKEN/),
  ]);
});

it('is described without a secret', () => {
  const text = JSON.stringify(
    describeConfig(readConfig({ ...server, QUEUE_URL: 'redis://:s3cret@redis:6379/1' }, all)),
  );
  expect(text).toContain('postgres://db:5432/wsad');
  expect(text).toContain('redis://redis:6379/1');
  for (const secret of ['pa55word', 's3cret', key, server.ADMIN_TOKEN, 'sslmode']) {
    expect(text).not.toContain(secret);
  }
});

it('every variable has an example that it accepts', () => {
  for (const [name, { example }] of Object.entries(variables)) {
    const base: Environment = name === 'VAULT_KEY_FILE' ? { ...server, VAULT_KEY: undefined } : server;
    expect(() => readConfig({ ...base, [name]: example }, all), name).not.toThrow();
  }
});
