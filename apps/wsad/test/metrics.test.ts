/** Names by Prometheus' conventions, and docs/metrics.md compared with what there is, both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { metricCatalogue } from './support/metric-catalogue.ts';

const catalogue = metricCatalogue();
const ours = catalogue.filter(({ name }) => name.startsWith('wsad_'));

/** Of whom or what there are as many as work brings. */
const UNBOUNDED = ['nip', 'seller', 'session', 'invoice', 'submission', 'reference', 'message', 'actor'];

it.each(ours)(
  '$name is named by convention, says what it is, and its labels are few and bounded',
  (metric) => {
    const { name, type, help, labels } = metric;
    expect(name).toMatch(/^wsad_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|millis|milliseconds|minutes|hours|kb|mb|percent|count|sum|bucket)(_|$)/);
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    expect(help).toMatch(/^[A-Z].*\.$|^Always 1|1 or 0\.$/);
    expect(labels.length).toBeLessThanOrEqual(2);
    for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
    expect(labels.filter((label) => UNBOUNDED.includes(label))).toEqual([]);
  },
);

it('no two are told apart by what OpenMetrics leaves out of a family', () => {
  const families = ours.map(({ name }) => name.replace(/_(total|info)$/, ''));
  expect(families.length).toBe(new Set(families).size);
});

it('docs/metrics.md tells every metric of ours, and no other', () => {
  const page = readFileSync(join(repoRoot, 'docs/metrics.md'), 'utf8');
  const told = [...page.matchAll(/^\| `(wsad_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map((row) =>
    row.slice(1),
  );
  const known = ours.map(({ name, type, labels, help }) => [
    name,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  expect(told.toSorted()).toEqual(known.toSorted());
});
