/** The life of a process that serves no API: read the settings, open, work, drain, with health and metrics on a port. */
import { randomBytes } from 'node:crypto';
import { type Config, ConfigError, type Role, readProcessConfig, resolveSecrets } from '@wsad/config';
import type { World } from '@wsad/engine';
import type { QueueConnection } from '@wsad/jobs';
import { createLogger, createTelemetry, type Logger } from '@wsad/telemetry';
import { startHealthServer } from './health-server.ts';
import { keepTraces } from './keep-traces.ts';
import { type Opened, openCommon, worldOf } from './open.ts';
import { tellBadSpool } from './packager.ts';
import { practiseSending } from './practise-sending.ts';
import { gaugeProcess } from './process-gauges.ts';
import { onShutdown } from './shutdown.ts';

export interface Working {
  close(drainMs: number, interrupt: () => Promise<void>): Promise<void>;
}

export type StartWork = (world: World, queue: QueueConnection, config: Config) => Promise<Working>;

const clock = (): Date => new Date();

/** Never returns before the process is asked to end; a wrong setting ends it with one clear line. */
export async function runProcess(role: Role, startWork: StartWork): Promise<void> {
  const config = readSettings(role);
  const logger = createLogger({ level: config.logLevel });
  for (const warning of config.warnings) logger.warn(warning);
  try {
    await openAndWork(config, logger, startWork);
  } catch (error) {
    logger.fatal(error, `${role} could not start`);
    process.exit(1);
  }
}

async function openAndWork(config: Config, logger: Logger, startWork: StartWork): Promise<void> {
  const { databaseUrl } = config;
  if (databaseUrl === null)
    throw new Error('DATABASE_URL is required: the embedded database serves npm start alone');
  const telemetry = createTelemetry({ logger });
  const traces = await keepTraces(config, logger);
  const secrets = await resolveSecrets(config, { randomBytes });
  const opened = await openCommon(config, secrets, databaseUrl, telemetry.emit, clock);
  gaugeProcess(telemetry, config.role, opened.ledger.pool);
  const wired = worldOf(config, opened, telemetry.emit, clock);
  if (config.role === 'worker') await tellBadSpool(config.spoolDir, telemetry.emit);
  if (config.role === 'worker' && config.practises) await practiseSending(wired.world);
  const working = await startWork(wired.world, opened.queue, config);
  const health = await startHealthServer(config.healthPort, () => readiness(opened), telemetry);
  logger.info({ role: config.role }, 'working');
  onShutdown(async () => {
    logger.info('draining');
    await working.close(config.shutdownMs, wired.interrupt);
    await wired.close();
    await opened.close();
    await health.close();
    await traces.close();
  }, config.shutdownMs);
}

/** Without its queue there is nothing to start anew for: the process goes on by itself once it is back. */
async function readiness({ ledger, queue }: Opened): Promise<string> {
  await ledger.ping();
  return (await queue.answers()) ? 'ready' : 'ready, but the queue is down';
}

function readSettings(role: Role): Config {
  try {
    return readProcessConfig(role);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
