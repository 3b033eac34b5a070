/** Webhooks, for those who administer their sellers: whom wsad tells of what, and whether they take it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { webhookState, webhooksQuery } from '../api/webhooks.ts';
import { StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';
import { NewWebhook } from './new-webhook.tsx';
import { useWishes } from './webhook-wishes.ts';

export function WebhooksPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const wishes = useWishes();
  const [isAdding, setAdding] = useState(false);
  const webhooks = useQuery(webhooksQuery);
  return (
    <Page
      title={t('webhooks.title')}
      actions={
        <button type="button" className="primary" onClick={() => setAdding(true)}>
          {t('webhooks.new')}
        </button>
      }
    >
      <p className="quiet">{t('webhooks.lead')}</p>
      <Loaded query={webhooks}>
        {({ items }) => (
          <Table
            label={t('webhooks.title')}
            rows={items}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('webhooks.url'),
                as: 'mono',
                cell: ({ id, url, description }) => (
                  <>
                    <Link to="/webhooks/$id" params={{ id }}>
                      {url}
                    </Link>
                    {description !== null && <p className="small-print">{description}</p>}
                  </>
                ),
              },
              {
                title: t('webhooks.state'),
                cell: (webhook) => <StateChip of="webhook" state={webhookState(webhook)} />,
              },
              { title: t('webhooks.events'), cell: ({ events }) => wishes.events(events) },
              { title: t('webhooks.sellers'), cell: ({ sellers }) => wishes.sellers(sellers) },
              {
                title: t('webhooks.lastSuccess'),
                cell: ({ lastSuccessAt }) => (lastSuccessAt === null ? '—' : format.relative(lastSuccessAt)),
              },
            ]}
          />
        )}
      </Loaded>
      {isAdding && <NewWebhook onClose={() => setAdding(false)} />}
    </Page>
  );
}
