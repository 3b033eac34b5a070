/** Every metric of a registry by name, with its type and labels: what the documentation, rules and panels are held against. */
import type { Registry } from 'prom-client';
import type { MetricFacts } from './telemetry.ts';

const TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;

export function catalogueOf(registry: Registry): MetricFacts[] {
  return registry.getMetricsAsArray().map((metric) => {
    const { name, help } = metric;
    // prom-client's own declarations tell the type as a number, which it is not.
    const said = String(metric.type);
    const type = TYPES.find((known) => known === said) ?? 'gauge';
    const labels = 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
    return { name, help, type, labels: labels.map(String) };
  });
}
