import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { Queue } from 'bullmq';
import { jobNames } from './catalogue.ts';
import type { QueueConnection } from './connection.ts';

/** Every queue as Bull Board wants it. */
export function queuesForBoard(connection: QueueConnection): BullMQAdapter[] {
  return jobNames.map((name) => {
    const queue = connection.queue(name);
    if (!(queue instanceof Queue)) throw new Error(`queue ${name} is none of BullMQ's`);
    return new BullMQAdapter(queue);
  });
}
