/** What a worker posts once its schemas are compiled. */
export const WORKER_READY = 'wsad-invoice-worker-ready';
