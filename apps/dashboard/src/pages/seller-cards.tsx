/** What is known of one seller, in four cards. */
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { StateChip } from '../ui/chip.tsx';
import { useFormat } from '../ui/use-format.ts';
import { methodName } from './method-name.ts';
import type { SellerStatus } from './seller-diagnosis.ts';

export function LoginCard({ status }: { status: SellerStatus }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { state, method, credentials, validUntil, permissions, recommendedMissing, certificate } =
    status.authentication;
  const named = (permission: string) =>
    i18n.exists(`permission.${permission}`) ? t(`permission.${permission}`) : permission;
  return (
    <section className="card">
      <div className="head">
        <h2>{t('seller.login')}</h2>
        <StateChip of="authentication" state={state} />
      </div>
      <dl className="facts">
        <dt>{t('seller.method')}</dt>
        <dd>{method === null ? '—' : methodName(t, method)}</dd>
        <dt>{t('seller.credentialsKind')}</dt>
        <dd>{t(`seller.credentialsOf.${credentials}`)}</dd>
        <dt>{t('seller.validUntil')}</dt>
        <dd>{format.instant(validUntil)}</dd>
        {certificate !== null && (
          <>
            <dt>{t('seller.certificate')}</dt>
            <dd>
              {certificate.subject}, {t('seller.certificateUntil')} {format.instant(certificate.validTo)} (
              {t('seller.days', { count: certificate.expiresInDays })})
            </dd>
          </>
        )}
      </dl>
      <h3>{t('seller.permissions')}</h3>
      {permissions.length === 0 ? (
        <p className="quiet">{t('seller.permissionsUnknown')}</p>
      ) : (
        <ul className="plain-list">
          {permissions.map((permission) => (
            <li key={permission}>
              {named(permission)} <span className="small-print mono">{permission}</span>
            </li>
          ))}
        </ul>
      )}
      {recommendedMissing.length > 0 && state === 'active' && (
        <p className="small-print">
          {t('seller.recommended')} {recommendedMissing.map(named).join(', ')}.
        </p>
      )}
    </section>
  );
}

export function KsefCard({ status }: { status: SellerStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, lastSuccessAt, latencyMs, latarnia, warnings } = status.connection;
  return (
    <section className="card">
      <div className="head">
        <h2>{t('seller.ksef')}</h2>
        <StateChip of="connection" state={state} />
      </div>
      <dl className="facts">
        <dt>{t('seller.latency')}</dt>
        <dd>{latencyMs === null ? '—' : `${format.number(Math.round(latencyMs))} ms`}</dd>
        <dt>{t('seller.lastSuccess')}</dt>
        <dd>{lastSuccessAt === null ? '—' : format.relative(lastSuccessAt)}</dd>
        <dt>{t('seller.latarnia')}</dt>
        <dd>
          {latarnia === null
            ? t('seller.latarniaUnknown')
            : t(`latarnia.${latarnia.status}`, { defaultValue: latarnia.status })}
        </dd>
      </dl>
      {warnings.map(({ text, since }) => (
        <p key={since + text} className="note warn">
          <span lang="pl">{text}</span>
        </p>
      ))}
    </section>
  );
}

export function WaitingCard({ status }: { status: SellerStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { nip, pending, held, nextDispatchAt, nextDeadlineAt, deadlinesNear, deadlinesPassed } = status;
  return (
    <section className="card">
      <h2>{t('seller.waiting')}</h2>
      <dl className="facts">
        <dt>{t('seller.pending')}</dt>
        <dd>{format.number(pending)}</dd>
        <dt>{t('seller.held')}</dt>
        <dd>
          {held === 0 ? (
            format.number(held)
          ) : (
            <Link to="/invoices" search={{ nip, state: 'held' }}>
              {format.number(held)}
            </Link>
          )}
        </dd>
        <dt>{t('seller.nextDispatch')}</dt>
        <dd>{nextDispatchAt === null ? t('seller.nothingPlanned') : format.relative(nextDispatchAt)}</dd>
        <dt>{t('seller.nextDeadline')}</dt>
        <dd>{format.instant(nextDeadlineAt)}</dd>
      </dl>
      {deadlinesPassed > 0 && <p className="note bad">{t('seller.late', { count: deadlinesPassed })}</p>}
      {deadlinesNear > 0 && <p className="note warn">{t('seller.soonLate', { count: deadlinesNear })}</p>}
    </section>
  );
}

export function Budget({ limits }: { limits: SellerStatus['limits'] }) {
  const { t } = useTranslation();
  const used = limits.filter((limit) => limit.used > 0).sort((a, b) => b.used / b.limit - a.used / a.limit);
  return (
    <section className="card">
      <h2>{t('seller.budget')}</h2>
      <p className="small-print">{t('seller.budgetText')}</p>
      {used.length === 0 && <p className="quiet">{t('seller.budgetNone')}</p>}
      <ul className="meters">
        {used.map(({ group, used: calls, limit, windowSeconds }) => (
          <li key={`${group}${windowSeconds}`}>
            <Meter label={limitName(t, group, windowSeconds)} used={calls} limit={limit} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is limited and in what time, in words. */
export function limitName(t: TFunction, group: string, windowSeconds: number): string {
  return `${t(`limitGroup.${group}`, { defaultValue: group })}, ${t(`limitWindow.${windowSeconds}`)}`;
}

/** Nearly used up at nine tenths. */
const FULL = 0.9;

export function Meter({ label, used, limit }: { label: string; used: number; limit: number }) {
  const format = useFormat();
  return (
    <div>
      <div className="meter">
        <span>{label}</span>
        <span className="quiet">
          {format.number(used)} / {format.number(limit)}
        </span>
      </div>
      <progress className={used >= limit * FULL ? 'full' : ''} max={limit} value={used} aria-label={label} />
    </div>
  );
}
