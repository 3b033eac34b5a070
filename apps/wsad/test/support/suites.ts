import { describeWithRedis } from '@wsad/testkit';
import { describe } from 'vitest';
import type { QueueKind } from './system.ts';

const WHERE: Readonly<Record<QueueKind, string>> = { postgres: 'PostgreSQL', redis: 'Redis' };

/**
 * A suite with the queue in this place. Its tests run one after another, while other suites made like this run beside
 * it: each has a system of its own, and most of its time is waiting.
 */
export function describeOn(queue: QueueKind, name: string, suite: (queue: QueueKind) => void): void {
  const describeStore = queue === 'redis' ? describeWithRedis : describe;
  describe(`${name}, the queue on ${WHERE[queue]}`, { concurrent: true }, () => {
    describeStore(WHERE[queue], () => {
      describe('one after another', { concurrent: false }, () => suite(queue));
    });
  });
}

export function describeOnBoth(name: string, suite: (queue: QueueKind) => void): void {
  describeOn('postgres', name, suite);
  describeOn('redis', name, suite);
}
