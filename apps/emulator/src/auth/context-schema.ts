import { z } from 'zod';
import type { ContextType } from './caller.ts';

const nipPattern = /^[1-9]((\d[1-9])|([1-9]\d))\d{7}$/;

/** Shapes of the identifiers in open-api 2.7.0; the VAT-UE part is checked for its country code alone. */
const patterns: Record<ContextType, RegExp> = {
  Nip: nipPattern,
  InternalId: /^[1-9]((\d[1-9])|([1-9]\d))\d{7}-\d{5}$/,
  NipVatUe: /^[1-9]((\d[1-9])|([1-9]\d))\d{7}-[A-Z]{2}[0-9A-Z+*]{2,12}$/,
  PeppolId: /^P[A-Z]{2}[0-9]{6}$/,
};

export const nipSchema = z.string().regex(nipPattern);

export const contextSchema = z
  .object({ type: z.enum(['Nip', 'InternalId', 'NipVatUe', 'PeppolId']), value: z.string() })
  .refine(({ type, value }) => patterns[type].test(value), {
    message: 'invalid identifier',
    path: ['value'],
  });

/** The NIP's check digit, which only production asks for. */
export function hasNipChecksum(nip: string): boolean {
  const weights = [6, 5, 7, 2, 3, 4, 5, 6, 7];
  const sum = weights.reduce((total, weight, place) => total + weight * Number(nip[place]), 0);
  return sum % 11 === Number(nip[9]);
}
