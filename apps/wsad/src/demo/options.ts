/** What the demo was asked for on the command line. */
import { parseArgs } from 'node:util';
import { z } from 'zod';

const wholeNumber = (name: string, min: number, max: number) =>
  z.coerce
    .number({ error: `--${name} is a whole number from ${min} to ${max}` })
    .int({ error: `--${name} is a whole number from ${min} to ${max}` })
    .min(min, { error: `--${name} is at least ${min}` })
    .max(max, { error: `--${name} is at most ${max}` });

const demoOptions = z
  .object({
    invoices: wholeNumber('invoices', 1, 200_000),
    sellers: wholeNumber('sellers', 1, 5_000),
    speed: z.enum(['instant', 'realistic'], { error: '--speed is instant or realistic' }),
    'no-xsd': z.boolean(),
    json: z.boolean(),
    keep: z.boolean(),
  })
  .refine(({ invoices, sellers }) => invoices >= sellers, {
    error: 'there must be at least one invoice a seller',
  });

export type DemoOptions = z.infer<typeof demoOptions>;

/** Throws an Error with one clear line where something is not understood. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      invoices: { type: 'string', default: '500' },
      sellers: { type: 'string', default: '1' },
      speed: { type: 'string', default: 'realistic' },
      'no-xsd': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const read = demoOptions.safeParse(values);
  if (!read.success) throw new Error(read.error.issues.map(({ message }) => message).join('; '));
  return read.data;
}
