/** Sending sessions, the newest first. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import { formatNip } from '../format.ts';
import { StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';
import { tookMs } from './session-times.ts';

export function SessionsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { items, error, onEnd } = usePages(
    ['sessions'],
    (cursor) => answered(api.GET('/v1/sessions', { params: { query: { limit: 100, ...cursor } } })),
    { everyMs: 5000 },
  );
  return (
    <Page title={t('sessions.title')}>
      <Loaded query={{ data: items, error }}>
        {(rows) => (
          <VirtualTable
            label={t('sessions.title')}
            rows={rows}
            rowKey={({ id }) => id}
            onEnd={onEnd}
            onOpen={({ id }) => void navigate({ to: '/sessions/$id', params: { id } })}
            columns={[
              {
                title: t('sessions.claimed'),
                width: 'minmax(10rem, 1fr)',
                cell: ({ id, timings }) => (
                  <Link to="/sessions/$id" params={{ id }}>
                    {format.instant(timings.claimedAt)}
                  </Link>
                ),
              },
              {
                title: t('sessions.state'),
                width: '9rem',
                cell: ({ state }) => <StateChip of="session" state={state} />,
              },
              {
                title: t('sessions.seller'),
                width: '8.5rem',
                isMinor: true,
                cell: ({ nip }) => formatNip(nip),
              },
              {
                title: t('sessions.kind'),
                width: '8rem',
                isMinor: true,
                cell: ({ kind }) => t(`sessions.kinds.${kind}`),
              },
              {
                title: t('sessions.invoices'),
                width: '5rem',
                isNumber: true,
                cell: ({ counts }) => format.number(counts.invoices),
              },
              {
                title: t('sessions.cleared'),
                width: '6.5rem',
                isNumber: true,
                isMinor: true,
                cell: ({ counts }) => format.number(counts.cleared),
              },
              {
                title: t('sessions.took'),
                width: '7rem',
                isNumber: true,
                isMinor: true,
                cell: ({ timings }) => {
                  const ms = tookMs(timings.claimedAt, timings.endedAt);
                  return ms === null ? '—' : format.duration(ms);
                },
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
