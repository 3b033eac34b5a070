/** How everything stands at this moment, told live. */
import { Link } from '@tanstack/react-router';
import { INVOICE_STATES } from '@wsad/client';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type Overview, useLiveOverview } from '../api/overview.ts';
import { useMay } from '../api/session.ts';
import { formatNip } from '../format.ts';
import { StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';
import { PauseAll } from './pause.tsx';
import { limitName, Meter } from './seller-cards.tsx';

const PerMinute = lazy(async () => ({ default: (await import('./per-minute.tsx')).PerMinute }));

export function OverviewPage() {
  const { t } = useTranslation();
  const overview = useLiveOverview();
  const isAdministrator = useMay('administrator');
  return (
    <Page title={t('overview.title')} actions={isAdministrator ? <PauseAll /> : undefined}>
      <Loaded query={overview}>
        {(data) => (
          <>
            <Incidents incidents={data.incidents} />
            <States overview={data} />
            <section className="card">
              <h2>{t('overview.perMinute')}</h2>
              <Suspense fallback={<div className="chart" />}>
                <PerMinute minutes={data.perMinute} />
              </Suspense>
            </section>
            <UnderWay sessions={data.sessions} />
            <Deadlines deadlines={data.deadlines} />
            <Budgets budgets={data.budgets} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Incidents({ incidents }: Pick<Overview, 'incidents'>) {
  const { t } = useTranslation();
  const mayAdminister = useMay('admin');
  const format = useFormat();
  if (incidents.length === 0) return <p className="note good">{t('overview.noIncidents')}</p>;
  return (
    <section className="stack" aria-label={t('overview.incidents')}>
      {incidents.map(({ kind, since, text, nip }) => (
        <div key={`${kind}${nip}${since}`} className="note warn">
          <p>
            <b>{t(`incident.${kind}`)}</b>
            {nip !== null && (
              <>
                {': '}
                <Link to="/connection/$nip" params={{ nip }}>
                  {formatNip(nip)}
                </Link>
              </>
            )}{' '}
            <span className="quiet">{format.relative(since)}</span>
            {kind.startsWith('webhook') && mayAdminister && (
              <>
                {' '}
                <Link to="/webhooks">{t('shell.webhooks')}</Link>
              </>
            )}
          </p>
          <details>
            <summary>{t('refusal.details')}</summary>
            <p lang="en">{text}</p>
          </details>
        </div>
      ))}
    </section>
  );
}

function States({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { byState, today, inLine } = overview;
  return (
    <>
      <h2>{t('overview.today')}</h2>
      <div className="tiles">
        {(['accepted', 'cleared', 'rejected', 'held'] as const).map((kind) => (
          <div key={kind} className="tile">
            <b>{format.number(today[kind])}</b>
            <span>{t(`overview.todayOf.${kind}`)}</span>
          </div>
        ))}
        <div className="tile">
          <b>{format.number(inLine.total)}</b>
          <span>
            {t('overview.inLine')}
            {inLine.oldestAt !== null && ` · ${format.relative(inLine.oldestAt)}`}
          </span>
        </div>
      </div>
      <h2>{t('overview.byState')}</h2>
      <div className="tiles">
        {INVOICE_STATES.map((state) => (
          <Link key={state} className="tile" to="/invoices" search={{ state }}>
            <b>{format.number(byState[state] ?? 0)}</b>
            <span>{t(`state.invoice.${state}`)}</span>
          </Link>
        ))}
      </div>
    </>
  );
}

function UnderWay({ sessions }: Pick<Overview, 'sessions'>) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card">
      <h2>{t('overview.sessions')}</h2>
      {sessions.length === 0 && <p className="quiet">{t('overview.noSessions')}</p>}
      {sessions.length > 0 && (
        <Table
          label={t('overview.sessions')}
          rows={sessions}
          rowKey={({ id }) => id}
          columns={[
            {
              title: t('sessions.seller'),
              cell: ({ id, nip }) => (
                <Link to="/sessions/$id" params={{ id }}>
                  {formatNip(nip)}
                </Link>
              ),
            },
            { title: t('sessions.state'), cell: ({ state }) => <StateChip of="session" state={state} /> },
            {
              title: t('sessions.invoices'),
              cell: ({ invoices }) => format.number(invoices),
              as: 'number',
            },
            { title: t('sessions.parts'), cell: (session) => <PartsSent {...session} /> },
            {
              title: t('sessions.opened'),
              cell: ({ openedAt }) => (openedAt === null ? '—' : format.relative(openedAt)),
            },
          ]}
        />
      )}
    </section>
  );
}

function PartsSent({ parts, partsSent, bytes }: Overview['sessions'][number]) {
  const { t } = useTranslation();
  const format = useFormat();
  if (parts === 0) return '—';
  return (
    <>
      <progress max={parts} value={partsSent} aria-label={t('sessions.parts')} />
      <span className="small-print">
        {partsSent} / {parts} · {format.bytes(bytes)}
      </span>
    </>
  );
}

function Budgets({ budgets }: Pick<Overview, 'budgets'>) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <h2>{t('overview.budgets')}</h2>
      {budgets.length === 0 && <p className="quiet">{t('seller.budgetNone')}</p>}
      <ul className="meters">
        {budgets.map(({ nip, group, used, limit, windowSeconds }) => (
          <li key={`${nip}${group}${windowSeconds}`}>
            <Meter
              label={`${formatNip(nip)}, ${limitName(t, group, windowSeconds)}`}
              used={used}
              limit={limit}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Deadlines({ deadlines }: Pick<Overview, 'deadlines'>) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card">
      <h2>{t('overview.deadlines')}</h2>
      {deadlines.length === 0 && <p className="quiet">{t('overview.noDeadlines')}</p>}
      <ul className="plain-list">
        {deadlines.map(({ nip, dueAt, invoices }) => (
          <li key={`${nip}${dueAt}`}>
            {format.instant(dueAt)} ({format.relative(dueAt)}):{' '}
            <Link to="/connection/$nip" params={{ nip }}>
              {formatNip(nip)}
            </Link>
            , {t('common.invoices', { count: invoices })}
          </li>
        ))}
      </ul>
    </section>
  );
}
