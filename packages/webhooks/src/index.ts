export { urlRefusal } from './addresses.ts';
export type { Resolve } from './pinned-agent.ts';
export { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from './sender.ts';
