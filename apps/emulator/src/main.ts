#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { env, exit } from 'node:process';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type EmulatorOptions, readScenario, startEmulator } from './index.ts';
import { uploadHostSchema } from './storage/upload-host.ts';

const flagsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535),
  host: z.string(),
  speed: z.enum(['instant', 'realistic']),
  strict: z.boolean(),
  'no-xsd': z.boolean(),
  env: z.enum(['TEST', 'DEMO', 'PRD']),
  'upload-host': uploadHostSchema.optional(),
  scenario: z.string().optional(),
  state: z.string().min(1).optional(),
});

function readOptions(): EmulatorOptions {
  const { PORT = '8088' } = env;
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: PORT },
      host: { type: 'string', default: '127.0.0.1' },
      speed: { type: 'string', default: 'realistic' },
      strict: { type: 'boolean', default: false },
      'no-xsd': { type: 'boolean', default: false },
      env: { type: 'string', default: 'TEST' },
      'upload-host': { type: 'string' },
      scenario: { type: 'string' },
      state: { type: 'string' },
    },
  });
  const {
    'no-xsd': withoutXsd,
    'upload-host': uploadHost,
    scenario: file,
    ...options
  } = flagsSchema.parse(values);
  const scenario = file === undefined ? [] : readScenario(readFileSync(file, 'utf8'));
  return { ...options, xsd: !withoutXsd, warm: true, uploadHost, scenario };
}

const emulator = await startEmulator(readOptions());
console.log(`KSeF emulator listening on ${emulator.url}/v2`);

let isEnding = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    if (isEnding) return;
    isEnding = true;
    await emulator.close();
    exit(0);
  });
}
