/** What somebody says of a webhook, and what of it is new: the API may know more than this page does. */
import { type Schemas, WEBHOOK_EVENTS } from '@wsad/client';

export type Said = Pick<Schemas['Webhook'], 'url' | 'events' | 'sellers' | 'description'>;

/**
 * The events of which these boxes are ticked, where it was told of those before. What was not touched stays as it was said,
 * also what has no box here; all there is, also what there will be, where nothing is left out.
 */
export function eventsSaid(ticked: readonly unknown[], before: Said['events']): Said['events'] {
  const chosen = WEBHOOK_EVENTS.filter((event) => ticked.includes(event));
  if (isSame(chosen, WEBHOOK_EVENTS.filter(isTold(before)))) return before;
  if (chosen.length === WEBHOOK_EVENTS.length) return 'all';
  const withoutBox = before === 'all' ? [] : before.filter((event) => !WEBHOOK_EVENTS.includes(event));
  return [...chosen, ...withoutBox];
}

/** Whether a webhook that is told of `events` is told of this one. */
export function isTold(events: Said['events']): (event: (typeof WEBHOOK_EVENTS)[number]) => boolean {
  return (event) => events === 'all' || events.includes(event);
}

/** What is said differently now. */
export function whatChanged(before: Said, now: Said): Schemas['WebhookChange'] {
  return {
    ...(now.url !== before.url && { url: now.url }),
    ...(!isSame(now.events, before.events) && { events: now.events }),
    ...(!isSame(now.sellers, before.sellers) && { sellers: now.sellers }),
    ...(now.description !== before.description && { description: now.description }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
