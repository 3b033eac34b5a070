/** What was handed in, call by call, the newest first. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import { formatNip } from '../format.ts';
import { Chip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';

export function SubmissionsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { items, error, onEnd } = usePages(
    ['submissions'],
    (cursor) => answered(api.GET('/v1/submissions', { params: { query: { limit: 100, ...cursor } } })),
    { everyMs: 5000 },
  );
  return (
    <Page
      title={t('submissions.title')}
      actions={
        <Link className="button primary" to="/upload">
          {t('upload.title')}
        </Link>
      }
    >
      <Loaded query={{ data: items, error }}>
        {(rows) => (
          <VirtualTable
            label={t('submissions.title')}
            rows={rows}
            rowKey={({ id }) => id}
            onEnd={onEnd}
            onOpen={({ id }) => void navigate({ to: '/submissions/$id', params: { id } })}
            columns={[
              {
                title: t('submissions.at'),
                width: 'minmax(10rem, 1fr)',
                cell: ({ id, createdAt }) => (
                  <Link to="/submissions/$id" params={{ id }}>
                    {format.instant(createdAt)}
                  </Link>
                ),
              },
              {
                title: t('submissions.seller'),
                width: '8.5rem',
                isMinor: true,
                cell: ({ nip }) => formatNip(nip),
              },
              {
                title: t('submissions.total'),
                width: '5rem',
                isNumber: true,
                cell: ({ total }) => format.number(total),
              },
              {
                title: t('submissions.cleared'),
                width: '6.5rem',
                isNumber: true,
                isMinor: true,
                cell: ({ byState }) => format.number(byState.cleared ?? 0),
              },
              {
                title: t('submissions.rejected'),
                width: '6.5rem',
                isNumber: true,
                isMinor: true,
                cell: ({ byState }) => format.number(byState.rejected ?? 0),
              },
              {
                title: t('submissions.held'),
                width: '6.5rem',
                isNumber: true,
                isMinor: true,
                cell: ({ byState }) => format.number(byState.held ?? 0),
              },
              {
                title: t('submissions.state'),
                width: '7.5rem',
                cell: ({ done }) => (
                  <Chip tone={done ? 'good' : 'calm'}>
                    {t(done ? 'submissions.done' : 'submissions.underWay')}
                  </Chip>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
