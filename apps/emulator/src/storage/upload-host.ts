/** The address under which parts are uploaded and receipts downloaded, where it is not the one that was called. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { World } from '../world.ts';

/** An address of http or https, a path before the storage's own allowed; answers it without its last slash. */
export const uploadHostSchema = z
  .url({ protocol: /^https?$/, error: 'an address such as https://storage.example' })
  .refine((text) => !/[?#]/.test(text), 'no query and no fragment')
  .refine((text) => new URL(text).username === '', 'no user name')
  .transform((text) => text.replace(/\/+$/, ''));

export function storageBase(world: World, request: FastifyRequest): string {
  return world.settings.uploadHost ?? `${request.protocol}://${request.host}`;
}
