/** What a webhook is told of, in words. */
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../api/webhooks.ts';
import { formatNip } from '../format.ts';

export function useWishes() {
  const { t } = useTranslation();
  return {
    events: (events: Webhook['events']) =>
      events === 'all'
        ? t('webhooks.allEvents')
        : events.map((event) => t(`webhooks.event.${event}`)).join(', '),
    sellers: (sellers: Webhook['sellers']) =>
      sellers === 'all' ? t('webhooks.allSellers') : sellers.map(formatNip).join(', '),
  };
}
