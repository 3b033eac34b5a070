/** One call's invoices on their way, told live, with the result list to take along. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { INVOICE_STATES, type Schemas } from '@wsad/client';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { formatNip } from '../format.ts';
import { Chip, StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';

type Submission = Schemas['Submission'];

export function SubmissionPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/inside/submissions/$id' });
  const submission = useLiveSubmission(id);
  return (
    <Page
      title={t('submission.title')}
      actions={
        <>
          <a className="button" href={`/v1/submissions/${id}/report.csv`} download>
            {t('submission.csv')}
          </a>
          <a className="button" href={`/v1/submissions/${id}/report.xlsx`} download>
            {t('submission.xlsx')}
          </a>
        </>
      }
    >
      <Loaded query={submission}>{(data) => <Progress submission={data} />}</Loaded>
    </Page>
  );
}

function Progress({ submission }: { submission: Submission }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, nip, createdAt, total, refused, byState, done, sessions } = submission;
  const settled = (byState.cleared ?? 0) + (byState.rejected ?? 0) + (byState.withdrawn ?? 0);
  return (
    <>
      <section className="card">
        <div className="head">
          <p>
            {formatNip(nip)}, {format.instant(createdAt)}
          </p>
          <Chip tone={done ? 'good' : 'calm'}>{t(done ? 'submissions.done' : 'submissions.underWay')}</Chip>
        </div>
        <progress max={Math.max(total, 1)} value={settled} aria-label={t('submission.progress')} />
        <p role="status">
          {t('submission.settled', { settled: format.number(settled), total: format.number(total) })}
        </p>
        {refused > 0 && <p className="note warn">{t('upload.refused', { count: refused })}</p>}
      </section>
      <div className="tiles">
        {INVOICE_STATES.map((state) => (
          <Link key={state} className="tile" to="/invoices" search={{ submissionId: id, state }}>
            <b>{format.number(byState[state] ?? 0)}</b>
            <span>{t(`state.invoice.${state}`)}</span>
          </Link>
        ))}
      </div>
      {sessions.length > 0 && (
        <section className="card">
          <h2>{t('submission.sessions')}</h2>
          <ul className="plain-list">
            {sessions.map((session) => (
              <li key={session.id} className="row">
                <StateChip of="session" state={session.state} />
                <Link to="/sessions/$id" params={{ id: session.id }}>
                  {session.reference ?? t(`sessions.kinds.${session.kind}`)}
                </Link>
                <span className="quiet">{t('common.invoices', { count: session.invoices })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function useLiveSubmission(id: string) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['submission', id],
    queryFn: () => answered(api.GET('/v1/submissions/{id}', { params: { path: { id } } })),
  });
  const isDone = query.data?.done === true;
  useEffect(() => {
    if (isDone) return;
    const stream = new EventSource(`/v1/submissions/${id}/events`);
    const take = (event: MessageEvent<string>) =>
      queries.setQueryData(['submission', id], JSON.parse(event.data));
    stream.addEventListener('progress', take);
    stream.addEventListener('done', (event) => {
      take(event);
      stream.close();
    });
    return () => stream.close();
  }, [id, isDone, queries]);
  return query;
}
