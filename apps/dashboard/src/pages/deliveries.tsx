/** What goes and went to a webhook, the newest first, and sending it again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { type Delivery, useDeliveries, type Webhook } from '../api/webhooks.ts';
import { StateChip } from '../ui/chip.tsx';
import { Failure } from '../ui/failure.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';

export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const { id, active } = webhook;
  const { items, error, onEnd } = useDeliveries(id);
  const again = useMutation({
    mutationFn: (deliveryId: string) =>
      answered(
        api.POST('/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver', {
          params: { path: { id, deliveryId } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries', id] }),
  });
  return (
    <>
      <h2>{t('webhooks.deliveries')}</h2>
      {again.error !== null && <Failure error={again.error} />}
      <Loaded query={{ data: items, error }}>
        {(rows) => (
          <VirtualTable
            label={t('webhooks.deliveries')}
            rows={rows}
            rowKey={(delivery) => delivery.id}
            onEnd={onEnd}
            columns={[
              {
                title: t('webhooks.told'),
                width: 'minmax(5rem, 1.2fr)',
                cell: ({ event }) => t(`webhooks.event.${event}`, { defaultValue: event }),
              },
              {
                title: t('webhooks.state'),
                width: '9rem',
                cell: ({ state }) => <StateChip of="delivery" state={state} />,
              },
              {
                title: t('webhooks.made'),
                width: '11rem',
                isMinor: true,
                cell: ({ createdAt }) => format.instant(createdAt),
              },
              {
                title: t('webhooks.items'),
                width: '4.5rem',
                isNumber: true,
                isMinor: true,
                cell: (delivery) => format.number(delivery.items),
              },
              {
                title: t('webhooks.tries'),
                width: '4rem',
                isNumber: true,
                isMinor: true,
                cell: ({ tries }) => format.number(tries),
              },
              {
                title: t('webhooks.lastAnswer'),
                width: 'minmax(10rem, 1.5fr)',
                isMinor: true,
                cell: (delivery) => <LastAnswer {...delivery} />,
              },
              {
                title: t('webhooks.redeliver'),
                width: '6rem',
                cell: (delivery) => (
                  <button
                    type="button"
                    className="small"
                    disabled={!active || again.isPending}
                    onClick={() => again.mutate(delivery.id)}
                  >
                    {t('webhooks.redeliver')}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function LastAnswer({ lastStatus, lastError, nextAt, tries }: Delivery) {
  const { t } = useTranslation();
  const format = useFormat();
  if (tries === 0 || lastError === null) return lastStatus ?? '—';
  return (
    <span title={lastError}>
      {lastStatus ?? t('webhooks.noAnswer')}
      {nextAt !== null && `, ${t('webhooks.nextAt')} ${format.relative(nextAt)}`}
    </span>
  );
}
