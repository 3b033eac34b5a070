export { queuesForBoard } from './board.ts';
export { type JobKind, type JobName, type JobPayloads, jobCatalogue, jobNames } from './catalogue.ts';
export {
  type CountedState,
  connectQueue,
  type QueueConnection,
  type QueueCounts,
  type QueueOptions,
} from './connection.ts';
export { createDoorbell, type QueueDoorbell } from './doorbell.ts';
export { examineQueue, type QueueExamination } from './examine-queue.ts';
export { type JobHandlers, type JobIds, startWorkers, type WorkerOptions, type Workers } from './workers.ts';
