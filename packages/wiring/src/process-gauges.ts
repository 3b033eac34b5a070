/** What a process tells of itself, besides what Node tells. */
import { readFileSync } from 'node:fs';
import type { Telemetry } from '@wsad/telemetry';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** As pg counts it. */
interface ConnectionPool {
  readonly idleCount: number;
  readonly totalCount: number;
  readonly waitingCount: number;
}

export function gaugeProcess({ gauge }: Pick<Telemetry, 'gauge'>, role: string, pool: ConnectionPool): void {
  const { version } = manifest.parse(
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  );
  gauge(
    'wsad_build_info',
    'Always 1: which version runs, as what.',
    () => [{ labels: { version, role }, value: 1 }],
    ['version', 'role'],
  );
  gauge(
    'wsad_postgres_connections',
    'Connections of this process to PostgreSQL, by state.',
    () => [
      { labels: { state: 'idle' }, value: pool.idleCount },
      { labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
    ],
    ['state'],
  );
  gauge(
    'wsad_postgres_waiting_requests',
    'Work of this process that waits for a connection to PostgreSQL.',
    () => pool.waitingCount,
  );
}
