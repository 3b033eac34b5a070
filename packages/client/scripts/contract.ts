/** The typed contract of the API, from the description that the API itself gives: nothing is started and nothing is asked. */
import { type ApiDeps, buildApi } from '@wsad/api';
import { ENVIRONMENTS } from '@wsad/domain';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import openapiTypescript, { astToString } from 'openapi-typescript';

const HEADER =
  '/** Written by "npm run generate" in packages/client out of the OpenAPI of wsad: not to be edited. */\n';

/** The text of src/contract.ts as it should be. */
export async function typedContract(): Promise<string> {
  const app = await buildApi(depsToBeDescribed());
  try {
    await app.ready();
    const description = JSON.stringify(app.swagger());
    return HEADER + astToString(await openapiTypescript(description));
  } finally {
    await app.close();
  }
}

/** Describing an API calls none of its routes, so there is nobody behind them. */
function depsToBeDescribed(): ApiDeps {
  const logger = createLogger({ level: 'silent' });
  const nobody = {} as Pick<ApiDeps, 'ledger' | 'checker' | 'doorbell' | 'room'>;
  return {
    ...nobody,
    queueAnswers: async () => true,
    board: [],
    telemetry: createTelemetry({ logger }),
    logger,
    environment: 'TEST',
    rules: ENVIRONMENTS.TEST,
    clock: () => new Date(0),
    randomBytes: (count) => Buffer.alloc(count),
    adminToken: '',
    lingerMs: 0,
  };
}
