/** One sending session: its parts, how long each step took, its receipts and what happened. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { formatNip } from '../format.ts';
import { StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';
import { stepsOf } from './session-times.ts';

type Session = Schemas['Session'];

export function SessionPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/inside/sessions/$id' });
  const session = useQuery({
    queryKey: ['session-of-sending', id],
    queryFn: () => answered(api.GET('/v1/sessions/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.timings.endedAt == null ? 2000 : false),
  });
  return (
    <Page title={t('session.title')}>
      <Loaded query={session}>
        {(data) => (
          <>
            <Facts session={data} />
            <Steps session={data} />
            <Parts parts={data.partList} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { nip, kind, form, state, reference, counts, plainBytes, packageBytes, compression, error } = session;
  return (
    <section className="card">
      <div className="head">
        <h2>
          {formatNip(nip)}, {t(`sessions.kinds.${kind}`)}, {form}
        </h2>
        <StateChip of="session" state={state} />
      </div>
      <dl className="facts">
        <dt>{t('session.reference')}</dt>
        <dd className="mono">{reference ?? '—'}</dd>
        <dt>{t('sessions.invoices')}</dt>
        <dd>
          {format.number(counts.invoices)} ({t('session.counts', counts)})
        </dd>
        <dt>{t('session.bytes')}</dt>
        <dd>
          {format.bytes(plainBytes)}
          {packageBytes !== null && ` → ${format.bytes(packageBytes)} ${compression ?? ''}`}
        </dd>
      </dl>
      {error !== null && (
        <div className="note bad">
          <p>{t('session.failed')}</p>
          <p lang="pl">
            {error.code} {error.description} {error.details.join('; ')}
          </p>
        </div>
      )}
    </section>
  );
}

function Steps({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  const steps = stepsOf(session.timings);
  const longest = Math.max(1, ...steps.map(({ ms }) => ms));
  return (
    <section className="card">
      <h2>{t('session.steps')}</h2>
      {steps.length === 0 && <p className="quiet">{t('session.noSteps')}</p>}
      <ul className="plain-list">
        {steps.map(({ step, ms }) => (
          <li key={step}>
            <div className="head">
              <span>{t(`session.step.${step}`)}</span>
              <span className="quiet">{format.duration(ms)}</span>
            </div>
            <progress max={longest} value={ms} aria-label={t(`session.step.${step}`)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Parts({ parts }: { parts: Session['partList'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (parts.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('sessions.parts')}</h2>
      <Table
        label={t('sessions.parts')}
        rows={parts}
        rowKey={({ ordinal }) => String(ordinal)}
        columns={[
          { title: t('session.part'), cell: ({ ordinal }) => ordinal },
          { title: t('session.size'), cell: ({ sizeBytes }) => format.bytes(sizeBytes), as: 'number' },
          { title: t('session.uploaded'), cell: ({ uploadedAt }) => format.instant(uploadedAt) },
          { title: 'SHA-256', cell: ({ sha256 }) => sha256, as: 'mono' },
        ]}
      />
    </section>
  );
}
