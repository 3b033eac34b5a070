import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardFiles } from '../src/dashboard-files.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

describe('the files of the dashboard', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wsad-dist-'));
    await mkdir(join(folder, 'assets'));
    await mkdir(join(folder, '.vite'));
    await writeFile(join(folder, 'index.html'), '<p>page</p>');
    await writeFile(join(folder, 'assets', 'index-hash.js'), 'export {};');
    await writeFile(join(folder, '.vite', 'manifest.json'), '{}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those that a browser asks for, compressed once', async () => {
    const files = await dashboardFiles(pathToFileURL(`${folder}/`));
    expect([...files.keys()].sort()).toEqual(['assets/index-hash.js', 'index.html']);
    const script = files.get('assets/index-hash.js');
    expect(script?.mediaType).toBe('text/javascript; charset=utf-8');
    expect(gunzipSync(script?.gzip ?? Buffer.of()).toString()).toBe('export {};');
  });

  it('are none where it has not been built', async () => {
    expect(await dashboardFiles(pathToFileURL(`${folder}/nowhere/`))).toEqual(new Map());
  });
});

describe('the pages', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it.each(['/', '/connection', '/connection/5265877635', '/invoices/some', '/webhooks/some', '/keys'])(
    'answer the dashboard at %s, never kept, with a policy that lets nothing in from elsewhere',
    async (path) => {
      const { status, headers, text } = await api.call('GET', path, { key: null });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('<title>wsad</title>');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
    },
  );

  it('leave what is no page of it a problem', async () => {
    expect((await api.call('GET', '/nowhere')).json.code).toBe('NOT_FOUND');
  });
});
