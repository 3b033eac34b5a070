/** One invoice: what became of it in plain words with KSeF's own below, its documents, and everything that happened. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { formatNip } from '../format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { toneOf } from '../ui/tones.ts';
import { useFormat } from '../ui/use-format.ts';
import { Documents } from './documents.tsx';
import { HeldActions } from './held-actions.tsx';

type Invoice = Schemas['Invoice'];

const FINAL = ['cleared', 'rejected', 'withdrawn'];

export function InvoicePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/inside/invoices/$id' });
  const invoice = useQuery({
    queryKey: ['invoice', id],
    queryFn: () => answered(api.GET('/v1/invoices/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (isFinished(state.data) ? false : 2000),
  });
  return (
    <Page title={invoice.data?.invoiceNumber ?? t('invoice.title')}>
      <Loaded query={invoice}>
        {(data) => (
          <>
            <Outcome invoice={data} />
            <div className="grid">
              <Facts invoice={data} />
              <Qr invoice={data} />
            </div>
            <Documents id={data.id} hasUpo={data.upoAvailable} />
            <Timeline timeline={data.timeline} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Also its UPO, which may come after the number. */
function isFinished(invoice: Invoice | undefined): boolean {
  return (
    invoice !== undefined &&
    FINAL.includes(invoice.state) &&
    (invoice.state !== 'cleared' || invoice.upoAvailable)
  );
}

function Outcome({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const { state, error, held, ksefNumber, warnings } = invoice;
  const words =
    state === 'rejected'
      ? t(`verdict.${error?.code}`, { defaultValue: t('verdict.other') })
      : held === null
        ? t(`outcome.${state}`)
        : t(`holdCause.${held.cause}`);
  return (
    <section className={`verdict ${toneOf(state)}`} aria-live="polite">
      <strong>{t(`state.invoice.${state}`)}</strong>
      <p>{words}</p>
      {ksefNumber !== null && <p className="mono">{ksefNumber}</p>}
      {error !== null && <KsefWords error={error} />}
      {warnings.map(({ code, message }) => (
        <p key={code}>{t(`warning.${code}`, { defaultValue: message })}</p>
      ))}
      {state === 'held' && <HeldActions invoice={invoice} />}
    </section>
  );
}

function KsefWords({ error }: { error: NonNullable<Invoice['error']> }) {
  const { t } = useTranslation();
  const { code, description, details } = error;
  // A cause of ours is told in words above; what KSeF said of it is in the details.
  const said = typeof code === 'number' ? [`${code} ${description}`, ...details] : details;
  if (said.length === 0) return null;
  return (
    <div className="small-print">
      {t('seller.inKsefWords')}
      <ul lang="pl">
        {said.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

function Facts({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { issuerNip, buyerName, buyerNip, grossAmount, currency, issueDate, form, mode, deadline } = invoice;
  const { acceptedAt, acquiredAt, invoicingDate, invoicingMode, fileName, externalId } = invoice;
  const rows: [string, string | null][] = [
    ['seller', formatNip(issuerNip)],
    [
      'buyer',
      [buyerName, buyerNip === null ? null : formatNip(buyerNip)].filter((part) => part !== null).join(', '),
    ],
    ['gross', grossAmount === null ? null : format.amount(grossAmount, currency)],
    ['issued', issueDate],
    ['form', `${form}, ${t(`invoice.modes.${mode}`)}`],
    ['acceptedAt', format.instant(acceptedAt)],
    ['acquiredAt', acquiredAt === null ? null : format.instant(acquiredAt)],
    ['invoicingDate', invoicingDate === null ? null : format.instant(invoicingDate)],
    ['invoicingMode', invoicingMode],
    ['fileName', fileName],
    ['externalId', externalId],
  ];
  return (
    <section className="card">
      <h2>{t('invoice.facts')}</h2>
      <dl className="facts">
        {rows
          .filter(([, value]) => value !== null && value !== '')
          .map(([name, value]) => (
            <FactRow key={name} label={t(`invoice.${name}`)} value={value ?? ''} />
          ))}
        {deadline !== null && acquiredAt === null && (
          <FactRow
            label={t('invoice.deadline')}
            value={`${format.instant(deadline.at)}. ${t(`deadlineRule.${deadline.rule}`)}`}
          />
        )}
      </dl>
      <p className="row">
        <Link to="/submissions/$id" params={{ id: invoice.submissionId }}>
          {t('invoice.submission')}
        </Link>
        {invoice.sessionId !== null && (
          <Link to="/sessions/$id" params={{ id: invoice.sessionId }}>
            {t('invoice.session')}
          </Link>
        )}
      </p>
    </section>
  );
}

function FactRow({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Qr({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  // The number is the label: the picture is another one once it is there.
  const { id, ksefNumber, verificationUrl, certificateVerificationUrl } = invoice;
  if (verificationUrl === null) return null;
  const codes = [
    { code: 1, link: verificationUrl },
    ...(certificateVerificationUrl === null ? [] : [{ code: 2, link: certificateVerificationUrl }]),
  ];
  return (
    <section className="card">
      <h2>{t('invoice.qr')}</h2>
      {codes.map(({ code, link }) => (
        <div key={code} className="stack">
          <img
            className="qr"
            src={`/v1/invoices/${id}/qr?code=${code}&label=${ksefNumber ?? ''}`}
            alt={t(`invoice.qrAlt.${code}`)}
          />
          <p className="row">
            <a
              className="button small"
              href={`/v1/invoices/${id}/qr?code=${code}&format=png&size=600`}
              download={`qr-${code}-${id}.png`}
            >
              PNG
            </a>
            <a className="button small" href={link} target="_blank" rel="noreferrer">
              {t('invoice.verify')}
            </a>
          </p>
        </div>
      ))}
    </section>
  );
}

function Timeline({ timeline }: Pick<Invoice, 'timeline'>) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card">
      <h2>{t('invoice.timeline')}</h2>
      <ol className="timeline">
        {timeline.map(({ at, event, actor, detail }, index) => (
          <li key={index}>
            <b>{t(`event.${event}`, { defaultValue: event })}</b>
            <div className="small-print">
              {format.instant(at)} ({format.time(at)}) · {actor === 'wsad' ? t('invoice.bySystem') : actor}
            </div>
            {Object.keys(detail).length > 0 && (
              <details>
                <summary className="small-print">{t('refusal.details')}</summary>
                <code>{JSON.stringify(detail)}</code>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
