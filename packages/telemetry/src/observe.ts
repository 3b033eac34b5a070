/** A piece of work, made known: its fields to every line that is logged meanwhile, and as a span of its own. */
import type { Observe } from '@wsad/domain';
import { correlated, fieldsOf } from './correlation.ts';
import { inSpan } from './spans.ts';

export const observe: Observe = (work, run) => correlated(fieldsOf(work.of ?? {}), () => inSpan(work, run));
