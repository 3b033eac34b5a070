/** There is no container engine where this runs: what can be known by reading is checked by reading. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from '@wsad/config';
import { repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (path: string): string => readFileSync(join(repoRoot, path), 'utf8');

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }),
  network_mode: z.string().optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('wsad'));

describe('docker-compose.yml', () => {
  it('brings up PostgreSQL, Redis, api, two workers, poller and emulator, and on request what is seen of them', () => {
    const unasked = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(unasked.sort()).toEqual(
      ['api', 'emulator', 'poller', 'postgres', 'redis', 'worker-1', 'worker-2'].sort(),
    );
    const onRequest = services.filter(([, { profiles }]) => profiles?.includes('observability'));
    expect(onRequest.map(([name]) => name)).toEqual(['prometheus', 'jaeger', 'grafana']);
  });

  it.each(services)(
    '%s waits only for services that are there and can say that they are healthy',
    (_name, one) => {
      for (const [other, { condition }] of Object.entries(one.depends_on ?? {})) {
        expect(condition).toBe('service_healthy');
        expect(compose.services[other]?.healthcheck.test.length).toBeGreaterThan(0);
      }
      const [, neighbour] = one.network_mode?.split('service:') ?? [];
      if (neighbour !== undefined) expect(compose.services[neighbour]).toBeDefined();
    },
  );

  it.each(ours)('%s runs a file that is there, with variables that are known', (name, one) => {
    const file = one.command?.find((word) => word.endsWith('.ts'));
    if (name !== 'api') expect(file).toBeDefined();
    if (file !== undefined) expect(existsSync(join(repoRoot, file))).toBe(true);
    const unknown = Object.keys(one.environment ?? {}).filter(
      (variable) => !(variable in variables) && variable !== 'PORT',
    );
    expect(unknown).toEqual([]);
    expect(existsSync(join(repoRoot, one.build?.dockerfile ?? 'none'))).toBe(true);
  });

  it('declares its volumes, opens ports on loopback alone and holds no secret of its own', () => {
    const used = services.flatMap(([, one]) => one.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
    const [folders, volumes] = [
      used.filter((one) => one.startsWith('./')),
      used.filter((one) => !one.startsWith('./')),
    ];
    expect(volumes.filter((volume) => !(volume in compose.volumes))).toEqual([]);
    for (const folder of folders) expect(existsSync(join(repoRoot, folder))).toBe(true);
    for (const port of services.flatMap(([, one]) => one.ports ?? [])) expect(port).toMatch(/^127\.0\.0\.1:/);
    const api = compose.services.api?.environment ?? {};
    for (const secret of ['VAULT_KEY', 'ADMIN_TOKEN']) expect(api[secret]).toMatch(/^\$\{\w+:\?/);
  });

  it('reaches the emulator on loopback, where alone plain http is allowed', () => {
    for (const name of ['worker-1', 'worker-2', 'poller']) {
      expect(compose.services[name]).toMatchObject({
        network_mode: 'service:emulator',
        environment: { KSEF_BASE_URL: 'http://127.0.0.1:8088/v2' },
      });
    }
  });
});

describe('infra/docker/ksef.compose.yml', () => {
  it('changes only services that are there', () => {
    const page = read('infra/docker/ksef.compose.yml').replaceAll('!reset', '').replaceAll('!override', '');
    const overlay = z
      .object({ services: z.record(z.string(), z.unknown()) })
      .parse(parse(page, { merge: true }));
    for (const name of Object.keys(overlay.services)) expect(compose.services[name]).toBeDefined();
  });
});

describe('infra/docker/Dockerfile', () => {
  const dockerfile = read('infra/docker/Dockerfile');

  it('is multi-stage, runs as another user than root, and copies what is there', () => {
    expect(dockerfile.match(/^FROM /gm)?.length).toBe(3);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('COPY'));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = '']) =>
      words.split(' ').slice(0, -1),
    );
    for (const path of copied) expect(existsSync(join(repoRoot, path))).toBe(true);
    const [, main = ''] = dockerfile.match(/^CMD \["node", "([^"]+)"\]$/m) ?? [];
    expect(existsSync(join(repoRoot, main))).toBe(true);
  });

  it('has the client programs of the PostgreSQL that it is run with, and what the backup command needs', () => {
    const [, server = ''] = /^postgres:(\d+)/.exec(compose.services.postgres?.image ?? '') ?? [];
    const [, client = ''] = dockerfile.match(/apk add --no-cache postgresql(\d+)-client$/m) ?? [];
    expect(Number(server)).toBeGreaterThan(0);
    expect(client).toBe(server);
    expect(dockerfile).toContain('"@wsad/wsad..."');
  });

  it('uses the very pnpm of the workspace', () => {
    const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
    expect(dockerfile).toContain(packageManager);
  });
});
