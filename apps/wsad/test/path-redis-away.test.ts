/** Redis is killed and stays away while invoices keep arriving; then another comes up in its place that knows nothing. */
import { findFreePort } from '@wsad/embedded';
import { describeWithRedis, eventually, startRedis } from '@wsad/testkit';
import { expect, it } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { allRegisteredOnce, installation, type RoleProcess, sellerOf, todays } from './support/processes.ts';

/** The poller's rounds take a second and fail for a second: a good while, on the gate longer than two minutes. */
const ARRIVALS = process.env.CI === 'true' ? 60 : 8;
const SELLERS = 3;
/** A ring is given up within a second; the rest is the machine's. */
const ANSWER_MS_MAX = 10_000;

describeWithRedis('a Redis that is away for minutes', () => {
  it('delays what was accepted, and nothing else: all is sent once one is back, by itself', async () => {
    const redis = await startRedis();
    const healthPort = await findFreePort();
    const wsad = await installation({ queueUrl: redis.url, emulator: { speed: 'realistic' } });
    const { client, url, ...api } = await wsad.startApi();
    const poller = await wsad.start('poller', { env: { WSAD_HEALTH_PORT: String(healthPort) } });
    const worker = await wsad.start('worker');
    const health = `http://127.0.0.1:${healthPort}`;
    const [first, ...others] = await Promise.all(Array.from({ length: SELLERS }, () => sellerOf(client)));
    const sellers = [first ?? '', ...others];
    expect(await readiness(url)).toEqual({ status: 'ready', queue: 'up' });
    expect(await text(`${health}/readyz`)).toBe('ready\n');

    const under = await client.submit(sellers[0] ?? '', todays(sellers[0] ?? '', 6, 'before'));
    await eventually(async () => (await client.sessions(sellers[0] ?? '')).some(isAtKsef));
    await redis.kill();
    expect(await eventually(() => readiness(url).then(isDown))).toEqual({ status: 'ready', queue: 'down' });
    expect(await text(`${health}/readyz`)).toBe('ready, but the queue is down\n');

    const accepted = await arriveSteadily(client, sellers, poller);
    expect(await text(`${url}/healthz`)).toContain('ok');
    for (const { submissionId } of accepted)
      expect((await client.submission(submissionId)).byState).toEqual({ accepted: 1 });

    const back = await startRedis({ port: redis.port });
    for (const { submissionId } of [under, ...accepted]) await client.atRest(submissionId, 60_000);
    await eventually(() => readiness(url).then(({ queue }) => queue === 'up'));
    for (const [place, nip] of sellers.entries()) {
      const arrived = accepted.filter((each) => each.nip === nip).length;
      await allRegisteredOnce(wsad, client, nip, arrived + (place === 0 ? 6 : 0));
    }
    for (const each of [api, poller, worker]) expectHealthy(each);
    expect(wsad.emulator.control.stats().rateLimited).toBe(0);
    await back.stop();
  }, 300_000);
});

interface Arrived {
  readonly nip: string;
  readonly submissionId: string;
}

/** One invoice after each round in which the poller could ring nobody, each answered in time. */
async function arriveSteadily(
  client: ApiClient,
  sellers: readonly string[],
  poller: RoleProcess,
): Promise<Arrived[]> {
  const arrived: Arrived[] = [];
  const failedRings = (): number => poller.output().split('a ring did not reach the queue').length;
  for (let round = 0; round < ARRIVALS; round += 1) {
    const nip = sellers[round % sellers.length] ?? '';
    const before = failedRings();
    const startedAt = performance.now();
    const { submissionId, accepted } = await client.submit(nip, todays(nip, 1, `away/${round}`));
    expect(performance.now() - startedAt).toBeLessThan(ANSWER_MS_MAX);
    expect(accepted).toBe(1);
    arrived.push({ nip, submissionId });
    await eventually(() => failedRings() > before, { timeoutMs: 30_000, what: 'a round of the poller' });
  }
  return arrived;
}

function isAtKsef({ state }: { state: string }): boolean {
  return state === 'closed';
}

function isDown(answer: { queue: string }): { queue: string } | false {
  return answer.queue === 'down' && answer;
}

async function readiness(url: string): Promise<{ status: string; queue: string }> {
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(200);
  return (await response.json()) as { status: string; queue: string };
}

async function text(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

/** It never ended, nothing went unhandled, and Node has not complained of listeners that pile up. */
function expectHealthy({ output }: Pick<RoleProcess, 'output'>): void {
  expect(output()).not.toMatch(/MaxListenersExceeded|[Uu]nhandled|"level":"fatal"/);
}
