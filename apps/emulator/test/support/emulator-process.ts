/** The emulator as a process of its own, to be killed and started again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Target } from './client.ts';

const main = path.resolve(import.meta.dirname, '../../src/main.ts');

export type EmulatorProcess = Target & {
  port: string;
  /** What the control beside the API tells. */
  look(view: 'stats' | 'registry'): Promise<unknown>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
};

export async function startProcess(flags: readonly string[], port = '0'): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [main, '--port', port, ...flags]);
  const [line] = await once(createInterface(child.stdout), 'line');
  const url = /http:\S+(?=\/v2)/.exec(String(line))?.[0] ?? '';
  const keys = await publishedKeys(url);
  return {
    port: new URL(url).port,
    clock: { advance: () => undefined },
    emulator: { url, control: { keys: () => keys, idle: async () => undefined } },
    look: async (view) => (await fetch(`${url}/_emulator/${view}`)).json(),
    async end(signal) {
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

const keysSchema = z.array(
  z.object({
    certificate: z.string(),
    certificateId: z.string(),
    publicKeyId: z.string(),
    validFrom: z.coerce.date(),
    validTo: z.coerce.date(),
    usage: z.tuple([z.enum(['KsefTokenEncryption', 'SymmetricKeyEncryption'])]),
  }),
);

async function publishedKeys(url: string) {
  const answer = await fetch(`${url}/v2/security/public-key-certificates`);
  expect(answer.status).toBe(200);
  return keysSchema.parse(await answer.json()).map(({ usage: [usage], ...key }) => ({ ...key, usage }));
}
