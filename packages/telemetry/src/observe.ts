/** A piece of work, made known: its fields to every line that is logged meanwhile. */
import type { Observe } from '@wsad/domain';
import { correlated, fieldsOf } from './correlation.ts';

export const observe: Observe = (work, run) =>
  correlated(fieldsOf(work.of ?? {}), () => run(() => undefined));
