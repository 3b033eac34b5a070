/** `npm run demo`: the main job from HTTP call to KSeF numbers and receipts, on this machine, with nothing to install. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, resolveSecrets } from '@wsad/config';
import { warsawDay } from '@wsad/domain';
import { findFreePort, isFreePort } from '@wsad/embedded';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { onShutdown } from '@wsad/wiring';
import { callsOf } from './demo/calls.ts';
import { createDemoClient, type DemoClient } from './demo/client.ts';
import { type EmulatorProcess, startEmulatorProcess } from './demo/emulator-process.ts';
import { type DemoSeller, demoSellers } from './demo/invoices.ts';
import { type DemoOptions, readDemoOptions } from './demo/options.ts';
import { prepareSellers } from './demo/prepare.ts';
import { createProgress, type Progress } from './demo/progress.ts';
import { report, summarize } from './demo/report.ts';
import { runDemo } from './demo/run.ts';
import { type Services, startServices } from './services.ts';

const API_PORT = 8080;
const EMULATOR_PORT = 8088;

/** Longer than anything in it may take to drain. */
const DRAIN_MS_MAX = 30_000;

async function main(): Promise<number> {
  const options = readDemoOptions(process.argv.slice(2));
  const progress = createProgress(options.invoices, process.stderr);
  const closing: (() => Promise<unknown>)[] = [];
  const starting = startEverything(options, progress, closing);
  const closeAll = onlyOnce(async () => {
    // What is half started cannot be closed.
    await starting.catch(() => undefined);
    for (const close of closing.reverse()) await close();
  });
  let interrupted = false;
  onShutdown(async () => {
    interrupted = true;
    await closeAll();
    process.exit(130);
  }, DRAIN_MS_MAX);
  try {
    const running = await starting;
    const ok = await showMainJob(options, progress, running);
    if (options.keep) await keepRunning(progress, running.services);
    return ok ? 0 : 1;
  } finally {
    // What breaks because everything is being closed is no news: the end comes from there.
    if (interrupted) await forever();
    await closeAll();
  }
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

async function forever(): Promise<never> {
  return await new Promise(() => {});
}

async function startEverything(
  options: DemoOptions,
  progress: Progress,
  closing: (() => Promise<unknown>)[],
): Promise<{ emulator: EmulatorProcess; services: Services; client: DemoClient }> {
  progress.say('starting the KSeF emulator, PostgreSQL and wsad ...');
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-demo-'));
  closing.push(() => rm(dataDir, { recursive: true, force: true }));
  const emulator = await startEmulatorProcess(await portOr(EMULATOR_PORT), options.speed, !options['no-xsd']);
  closing.push(() => emulator.stop());
  const config = readConfig(
    {
      KSEF_BASE_URL: emulator.baseUrl,
      WSAD_DATA_DIR: dataDir,
      API_PORT: String(await portOr(API_PORT)),
      WSAD_LOG_LEVEL: 'warn',
    },
    { role: 'all' },
  );
  const secrets = await resolveSecrets(config, { randomBytes });
  const telemetry = createTelemetry({
    logger: createLogger({ level: config.logLevel, destination: process.stderr }),
  });
  const services = await startServices(config, secrets, telemetry);
  closing.push(() => services.close());
  progress.say(`wsad is at ${services.api.url} (administrator token ${secrets.adminToken})`);
  return { emulator, services, client: createDemoClient(services.api.url, secrets.adminToken ?? '') };
}

async function showMainJob(
  options: DemoOptions,
  progress: Progress,
  { emulator, client }: { emulator: EmulatorProcess; services: Services; client: DemoClient },
): Promise<boolean> {
  const now = new Date();
  const run = now.toISOString().slice(0, 19).replace(/\D/g, '');
  progress.say(`making ${options.invoices} FA(3) invoices of ${options.sellers} seller(s) ...`);
  const sellers: DemoSeller[] = demoSellers(options.invoices, options.sellers, warsawDay(now), run);
  const calls = await callsOf(sellers);
  await prepareSellers(client, sellers);
  progress.say('sending ...');
  const result = await runDemo(client, calls, progress);
  progress.end();
  const summary = await summarize(client, sellers, options, result, await emulator.stats());
  report(summary, options, process.stdout);
  return summary.complete;
}

async function keepRunning(progress: Progress, services: Services): Promise<void> {
  progress.say(`still running at ${services.api.url}; Ctrl+C ends it`);
  await forever();
}

async function portOr(usual: number): Promise<number> {
  return (await isFreePort(usual)) ? usual : await findFreePort();
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
