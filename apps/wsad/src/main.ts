/** `npm start`: everything in one process against KSEF_BASE_URL. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readProcessConfig, resolveSecrets } from '@wsad/config';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { keepTraces, onShutdown } from '@wsad/wiring';
import { startServices } from './services.ts';
import { whyNotStarted } from './why-not-started.ts';

async function main(): Promise<void> {
  const config = readProcessConfig('all');
  const logger = createLogger({ level: config.logLevel });
  const telemetry = createTelemetry({ logger });
  const traces = await keepTraces(config, logger);
  const secrets = await resolveSecrets(config, { randomBytes });
  if (secrets.made.adminToken) {
    console.log(`administrator token, shown this once: ${secrets.adminToken}`);
    console.log(`it is kept in ${join(config.dataDir, 'admin.token')}`);
  }
  for (const warning of config.warnings) logger.warn(warning);
  const services = await startServices(config, secrets, telemetry);
  console.log(`wsad listens on ${services.api.url} and sends to ${config.ksef.baseUrl}`);
  onShutdown(async () => {
    logger.info('draining');
    await services.close();
    await traces.close();
  }, config.shutdownMs);
}

try {
  await main();
} catch (error) {
  console.error(whyNotStarted(error));
  process.exit(1);
}
