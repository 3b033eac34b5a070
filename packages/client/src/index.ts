export { type ClientOptions, createWsadClient, type Schemas, type WsadClient } from './api.ts';
export { INVOICE_STATES, WEBHOOK_EVENTS } from './catalogues.ts';
export { type Client, createClient, type WaitOptions } from './client.ts';
export type { components, operations, paths } from './contract.ts';
export { type ProblemCode, StillUnderWay, WsadProblem, WsadUnreachable } from './errors.ts';
export { type RetryOptions, retryingFetch } from './retrying-fetch.ts';
export type { HandedIn, InvoiceFile, InvoiceText, SendOptions } from './send.ts';
export { verifyWebhook, type WebhookMessage } from './webhook.ts';
