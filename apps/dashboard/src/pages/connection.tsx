/** Every seller with whether it can send: the way to one seller's page, and to the first one. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSellers } from '../api/sellers.ts';
import { may, sessionQuery, useMay } from '../api/session.ts';
import { formatNip } from '../format.ts';
import { Chip, StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';
import { Credentials } from './credentials.tsx';
import { PauseAll } from './pause.tsx';

type SellerSummary = Schemas['SellerSummary'];

export function ConnectionPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [typed, setTyped] = useState('');
  const [ready, setReady] = useState<'' | 'true' | 'false'>('');
  const query = useDeferredValue(typed.replaceAll(/\D/g, '').slice(0, 10));
  const session = useQuery(sessionQuery).data;
  const { items, error, onEnd } = useSellers(query, ready);
  const isNone = items?.length === 0 && query === '' && ready === '';
  return (
    <Page
      title={t('connection.title')}
      actions={
        <>
          {may(session, 'administrator') && <PauseAll />}
          {may(session, 'admin') && (
            <button type="button" className="primary" onClick={() => setAdding(true)}>
              {t('connection.add')}
            </button>
          )}
        </>
      }
    >
      <p className="quiet">{t('connection.lead')}</p>
      {isNone && <FirstSteps onBegin={() => setAdding(true)} />}
      {!isNone && (
        <>
          <div className="filters">
            <label className="field">
              <span>{t('connection.search')}</span>
              <input
                value={typed}
                inputMode="numeric"
                onChange={({ target }) => setTyped(target.value)}
                placeholder="526…"
              />
            </label>
            <label className="field">
              <span>{t('connection.show')}</span>
              <select
                value={ready}
                onChange={({ target }) =>
                  setReady(target.value === 'true' || target.value === 'false' ? target.value : '')
                }
              >
                <option value="">{t('connection.all')}</option>
                <option value="false">{t('connection.notReady')}</option>
                <option value="true">{t('connection.ready')}</option>
              </select>
            </label>
          </div>
          <Loaded query={{ data: items, error }}>
            {(rows) => <SellerTable items={rows} onEnd={onEnd} />}
          </Loaded>
        </>
      )}
      {adding && <Credentials nip={null} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function SellerTable({ items, onEnd }: { items: readonly SellerSummary[]; onEnd: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  return (
    <VirtualTable
      label={t('connection.title')}
      rows={items}
      rowKey={({ nip }) => nip}
      onEnd={onEnd}
      onOpen={({ nip }) => void navigate({ to: '/connection/$nip', params: { nip } })}
      columns={[
        {
          title: t('connection.seller'),
          width: 'minmax(8rem, 1fr)',
          cell: ({ nip }) => (
            <Link to="/connection/$nip" params={{ nip }}>
              {formatNip(nip)}
            </Link>
          ),
        },
        { title: t('connection.canSend'), width: '9rem', cell: (item) => <Readiness {...item} /> },
        {
          title: t('connection.login'),
          width: '9rem',
          isMinor: true,
          cell: ({ authentication }) => <StateChip of="authentication" state={authentication} />,
        },
        {
          title: t('connection.until'),
          width: '12rem',
          isMinor: true,
          cell: ({ validUntil }) => format.instant(validUntil),
        },
        {
          title: t('connection.pending'),
          width: '6rem',
          isNumber: true,
          isMinor: true,
          cell: ({ pending }) => format.number(pending),
        },
        {
          title: t('connection.held'),
          width: '6rem',
          isNumber: true,
          isMinor: true,
          cell: ({ held }) => format.number(held),
        },
      ]}
    />
  );
}

function Readiness({ ready, paused }: SellerSummary) {
  const { t } = useTranslation();
  if (paused) return <Chip tone="warn">{t('connection.isPaused')}</Chip>;
  return <Chip tone={ready ? 'good' : 'bad'}>{t(ready ? 'connection.yes' : 'connection.no')}</Chip>;
}

function FirstSteps({ onBegin }: { onBegin: () => void }) {
  const { t } = useTranslation();
  const mayAdd = useMay('admin');
  return (
    <section className="verdict calm">
      <strong>{t('connection.first.title')}</strong>
      <p>{t(mayAdd ? 'connection.first.text' : 'connection.first.textReader')}</p>
      {mayAdd && (
        <div>
          <button type="button" className="primary" onClick={onBegin}>
            {t('connection.first.begin')}
          </button>
        </div>
      )}
    </section>
  );
}
