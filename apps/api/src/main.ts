/** The API in a process of its own. */
import { randomBytes } from 'node:crypto';
import { ConfigError, readProcessConfig, resolveSecrets } from '@wsad/config';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { gaugeProcess, keepTraces, onShutdown, openCommon } from '@wsad/wiring';
import { startApi } from './start-api.ts';

const clock = (): Date => new Date();

async function main(): Promise<void> {
  const config = readProcessConfig('api');
  const logger = createLogger({ level: config.logLevel });
  for (const warning of config.warnings) logger.warn(warning);
  if (config.databaseUrl === null) throw new ConfigError('DATABASE_URL', 'DATABASE_URL is required');
  const telemetry = createTelemetry({ logger });
  const traces = await keepTraces(config, logger);
  const secrets = await resolveSecrets(config, { randomBytes });
  const opened = await openCommon(config, secrets, config.databaseUrl, telemetry.emit, clock);
  gaugeProcess(telemetry, config.role, opened.ledger.pool);
  const api = await startApi({ config, secrets, opened, telemetry, clock, randomBytes });
  logger.info({ url: api.url }, 'the API listens');
  onShutdown(async () => {
    logger.info('draining');
    await api.close();
    await opened.close();
    await traces.close();
  }, config.shutdownMs);
}

try {
  await main();
} catch (error) {
  const text = error instanceof ConfigError ? error.message : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
