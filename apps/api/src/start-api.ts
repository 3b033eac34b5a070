/** The API with everything it stands on: opened from the settings, listening, and drained at the end. */
import type { Config, Secrets } from '@wsad/config';
import { ENVIRONMENTS } from '@wsad/domain';
import { createInvoiceChecker } from '@wsad/invoice';
import { queuesForBoard } from '@wsad/jobs';
import { createLogger, type Telemetry } from '@wsad/telemetry';
import type { Opened } from '@wsad/wiring';
import { buildApi } from './app.ts';
import type { ApiDeps } from './deps.ts';
import { intakeRoom } from './intake/intake-room.ts';
import { practiseChecking } from './intake/practise-checking.ts';
import { gaugeLedger, gaugeQueue } from './ledger-gauges.ts';

export interface ApiParts {
  readonly config: Pick<
    Config,
    'api' | 'intakeBytesMax' | 'ksef' | 'lingerMs' | 'logLevel' | 'practises' | 'shutdownMs' | 'webhookHosts'
  >;
  readonly secrets: Pick<Secrets, 'adminToken'>;
  readonly opened: Pick<Opened, 'ledger' | 'queue' | 'doorbell'>;
  readonly telemetry: Telemetry;
  readonly clock: () => Date;
  readonly randomBytes: (count: number) => Buffer;
}

export interface RunningApi {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no more calls and lets those under way finish, for `shutdownMs` at most. */
  close(): Promise<void>;
}

export async function startApi(parts: ApiParts): Promise<RunningApi> {
  const { config, secrets, opened, telemetry, clock, randomBytes } = parts;
  if (secrets.adminToken === null) throw new Error('the API needs an administrator token');
  const { environment } = config.ksef;
  const checker = createInvoiceChecker();
  try {
    await checker.warm();
    gaugeLedger(telemetry, opened.ledger, clock);
    gaugeQueue(telemetry, opened.queue);
    const deps: ApiDeps = {
      ledger: opened.ledger,
      checker,
      doorbell: opened.doorbell,
      queueAnswers: opened.queue.answers,
      board: queuesForBoard(opened.queue),
      telemetry,
      logger: createLogger({ level: config.logLevel }),
      environment,
      rules: ENVIRONMENTS[environment],
      clock,
      randomBytes,
      adminToken: secrets.adminToken,
      lingerMs: config.lingerMs,
      room: intakeRoom(config.intakeBytesMax),
      webhookHosts: config.webhookHosts,
      trustedProxies: config.api.trustedProxies,
    };
    const [app] = await Promise.all([buildApi(deps), config.practises ? practiseChecking(deps) : undefined]);
    const { host, port } = config.api;
    const url = await app.listen({ host, port });
    return {
      url,
      async close() {
        const impatience = setTimeout(() => app.server.closeAllConnections(), config.shutdownMs);
        await app.close();
        clearTimeout(impatience);
        await checker.close();
      },
    };
  } catch (error) {
    await checker.close();
    throw error;
  }
}
