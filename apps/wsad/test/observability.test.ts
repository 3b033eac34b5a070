/** What Prometheus and Grafana are given, held against the metrics that there are and the runbook that tells what to do. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@wsad/config';
import { WORK } from '@wsad/domain';
import { describeWithTools, repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { metricCatalogue, telemetryOfAll } from './support/metric-catalogue.ts';

const read = (path: string): string => readFileSync(join(repoRoot, path), 'utf8');

const rule = z.object({
  alert: z.string().regex(/^Wsad[A-Za-z]+$/),
  expr: z.string(),
  for: z.string(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string().min(1), runbook: z.string() }),
});
const { groups } = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(read('infra/prometheus/rules.yml')));
const rules = groups.flatMap((group) => group.rules);

const panel = z.object({
  id: z.number(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  datasource: z.object({ uid: z.string() }).optional(),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
});
const dashboard = z
  .object({ uid: z.literal('wsad'), panels: z.array(panel) })
  .parse(JSON.parse(read('infra/grafana/dashboards/wsad.json')));

/** Labels that a scrape gives to whatever it reads. */
const OF_THE_SCRAPE = ['job', 'instance'];
const catalogue = new Map(metricCatalogue().map((metric) => [metric.name, metric]));

interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Metrics that an expression reads, with the labels that it picks them by. */
function usesIn(expression: string): Use[] {
  const uses = expression.matchAll(/\b((?:wsad|nodejs|process)_[a-z0-9_]+)(?:\{([^}]*)\})?/g);
  return [...uses].map(([, metric = '', picked = '']) => ({
    metric: metric.replace(/_(bucket|sum|count)$/, ''),
    labels: [...picked.matchAll(/([a-z_]+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label),
  }));
}

/** Labels that it groups by. */
function groupedBy(expression: string): string[] {
  return [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
}

function expectKnown(expression: string): void {
  const uses = usesIn(expression);
  expect(uses.length + Number(expression.startsWith('up{'))).toBeGreaterThan(0);
  for (const { metric, labels } of uses) {
    const known = catalogue.get(metric);
    expect(known, metric).toBeDefined();
    const allowed = [
      ...(known?.labels ?? []),
      ...OF_THE_SCRAPE,
      ...(known?.type === 'histogram' ? ['le'] : []),
    ];
    for (const label of [...labels, ...groupedBy(expression)]) expect(allowed).toContain(label);
  }
}

describe('alert rules', () => {
  it.each(rules)('$alert reads metrics that there are, by labels that they have', ({ expr }) => {
    expectKnown(expr);
  });

  it('that fire at a first time count what stands at 0 before it', async () => {
    const page = await telemetryOfAll().metrics();
    const firing = rules.flatMap(({ expr }) => [
      ...expr.matchAll(/increase\((\w+_total)[^[]*\[\w+\]\)\) > 0/g),
    ]);
    expect(firing.length).toBeGreaterThan(3);
    for (const [, name = ''] of firing)
      if (!name.startsWith('wsad_ledger_')) expect(page).toMatch(new RegExp(`^${name}(\\{.*\\})? 0$`, 'm'));
  });

  it('are each told in the runbook under their own name, and no other is', () => {
    const page = read('docs/operating.md');
    const told = [...page.matchAll(/^### (Wsad\w+)$/gm)].map(([, name = '']) => name);
    expect(told).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, annotations } of rules)
      expect(annotations.runbook).toBe(`docs/operating.md#${alert.toLowerCase()}`);
    for (const section of page.split(/^### (?=Wsad)/m).slice(1))
      for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(section).toContain(part);
  });
});

describe('the dashboard', () => {
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(shown)('$title reads metrics that there are, from the provisioned data source', (one) => {
    const source = z
      .object({ datasources: z.tuple([z.object({ uid: z.string(), url: z.string() })]) })
      .parse(parse(read('infra/grafana/provisioning/datasources/prometheus.yml')));
    expect(one.datasource?.uid).toBe(source.datasources[0].uid);
    expect(one.targets.length).toBeGreaterThan(0);
    for (const { expr, legendFormat } of one.targets) {
      expectKnown(expr);
      const labels = [...groupedBy(expr), ...OF_THE_SCRAPE];
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(labels).toContain(label);
    }
  });

  it('has panels of their own number that do not overlap', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('traces', () => {
  it('are looked for by Grafana where docker-compose.yml keeps them, and sent there on request alone', () => {
    const compose = z
      .object({
        services: z.object({ jaeger: z.object({ profiles: z.tuple([z.literal('observability')]) }) }),
        'x-environment': z.object({ OTEL_EXPORTER_OTLP_ENDPOINT: z.string() }),
      })
      .parse(parse(read('docker-compose.yml'), { merge: true }));
    expect(compose['x-environment'].OTEL_EXPORTER_OTLP_ENDPOINT).toMatch(
      /^\$\{OTEL_EXPORTER_OTLP_ENDPOINT:-\}$/,
    );
    const source = z
      .object({ datasources: z.tuple([z.object({ type: z.literal('jaeger'), url: z.string() })]) })
      .parse(parse(read('infra/grafana/provisioning/datasources/jaeger.yml')));
    expect(source.datasources[0].url).toBe('http://jaeger:16686');
    const [, told = ''] =
      /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+) docker compose/.exec(read('docs/operating.md')) ?? [];
    expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: told }, { role: 'all' }).traces.url).toBe(
      'http://jaeger:4318/v1/traces',
    );
  });

  it('are told in the runbook piece by piece, under the names that they have', () => {
    const rows = [...read('docs/operating.md').matchAll(/^\| `([a-z.]+)` \| (.+) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, name = '', what = '']) => [name, what]))).toEqual(WORK);
  });
});

describe('scraping', () => {
  const config = z.object({ rule_files: z.array(z.string()), scrape_configs: z.array(z.unknown()).min(1) });

  it.each(['prometheus', 'kubernetes'])('by %s.yml loads the rules beside it', (name) => {
    expect(config.parse(parse(read(`infra/prometheus/${name}.yml`))).rule_files).toEqual(['rules.yml']);
  });

  it('asks the ports that docker-compose.yml gives', () => {
    const ports = [...read('docker-compose.yml').matchAll(/WSAD_HEALTH_PORT: "(\d+)"/g)].map(
      ([, port]) => port,
    );
    const asked = [...read('infra/prometheus/prometheus.yml').matchAll(/port: (\d+)/g)].map(
      ([, port]) => port,
    );
    expect(asked).toEqual(ports);
  });
});

describeWithTools('as Prometheus reads them', ['promtool'], () => {
  it.each([
    ['check', 'rules', 'infra/prometheus/rules.yml'],
    ['check', 'config', 'infra/prometheus/prometheus.yml'],
  ])('promtool %s %s %s', (...args) => {
    const { status, stderr } = spawnSync('promtool', args, { cwd: repoRoot, encoding: 'utf8' });
    expect(stderr).not.toContain('FAILED');
    expect(status).toBe(0);
  });

  it('our pages are read without complaint', async () => {
    const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: await telemetryOfAll().metrics(),
      encoding: 'utf8',
    });
    const complaints = (stdout + stderr).split('\n').filter((line) => line.startsWith('wsad_'));
    expect(complaints).toEqual([]);
    expect([0, 3]).toContain(status);
  });
});
