/** One seller: can it send, and if not, what is to be done; its login, KSeF, what waits, and its sessions at KSeF. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { overviewQuery } from '../api/overview.ts';
import { useMay } from '../api/session.ts';
import { formatNip } from '../format.ts';
import { Failure } from '../ui/failure.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { AuthSessions } from './auth-sessions.tsx';
import { Credentials } from './credentials.tsx';
import { PauseAll, PauseSeller } from './pause.tsx';
import { Budget, KsefCard, LoginCard, WaitingCard } from './seller-cards.tsx';
import { diagnosisOf, refusalCode, type SellerStatus } from './seller-diagnosis.ts';

/** A login under way is looked at more often: it takes seconds. */
const EVERY_MS = 5000;
const EVERY_MS_WHILE_OPENING = 1000;

export function SellerPage() {
  const { t } = useTranslation();
  const { nip } = useParams({ from: '/inside/connection/$nip' });
  const [isPutting, setPutting] = useState(false);
  const mayAdminister = useMay('admin');
  const mayPause = useMay('submit');
  const status = useQuery({
    queryKey: ['seller', nip],
    queryFn: () => answered(api.GET('/v1/sellers/{nip}/status', { params: { path: { nip } } })),
    refetchInterval: ({ state }) => (isOpening(state.data) ? EVERY_MS_WHILE_OPENING : EVERY_MS),
  });
  return (
    <Page
      title={`${t('seller.title')} ${formatNip(nip)}`}
      actions={
        <>
          {mayPause && status.data !== undefined && <PauseSeller nip={nip} isPaused={status.data.paused} />}
          {mayAdminister && (
            <button type="button" onClick={() => setPutting(true)}>
              {t('seller.credentials')}
            </button>
          )}
          {mayAdminister && <LogInNow nip={nip} />}
        </>
      }
    >
      <Loaded query={status}>
        {(data) => (
          <>
            <Verdict status={data} onPut={() => setPutting(true)} />
            <div className="grid">
              <LoginCard status={data} />
              <KsefCard status={data} />
              <WaitingCard status={data} />
            </div>
            <Budget limits={data.limits} />
            {data.authentication.credentials !== 'none' && (
              <AuthSessions nip={nip} login={data.authentication.validUntil} />
            )}
          </>
        )}
      </Loaded>
      {isPutting && <Credentials nip={nip} onClose={() => setPutting(false)} />}
    </Page>
  );
}

function isOpening(status: SellerStatus | undefined): boolean {
  return status?.authentication.state === 'opening' || status?.authentication.state === 'none';
}

/** The answer in one sentence, what to do, and the button that does it. */
function Verdict({ status, onPut }: { status: SellerStatus; onPut: () => void }) {
  const { t } = useTranslation();
  const isAllPaused = useQuery(overviewQuery).data?.paused === true;
  const { tone, key, remedy } = diagnosisOf(status, isAllPaused);
  const { lastError } = status.authentication;
  const code = refusalCode(lastError);
  const isRefusal = key === 'refused' || key === 'blocked' || key === 'trying';
  const certificateDays = status.authentication.certificate?.expiresInDays ?? 0;
  return (
    <section className={`verdict ${tone}`} aria-live="polite">
      <strong>{t(`diagnosis.${key}.title`, { count: status.held })}</strong>
      <p>
        {t(`diagnosis.${key}.text`, {
          ...{ held: status.held, days: certificateDays, passed: status.deadlinesPassed },
        })}
      </p>
      {isRefusal && code !== null && <p>{t(`loginRefusal.${code}`)}</p>}
      {isRefusal && lastError !== null && (
        <p className="small-print">
          {t('seller.inKsefWords')} <q lang="pl">{lastError}</q>
        </p>
      )}
      <Cure remedy={remedy} nip={status.nip} onPut={onPut} />
    </section>
  );
}

interface CureProps {
  readonly remedy: ReturnType<typeof diagnosisOf>['remedy'];
  readonly nip: string;
  readonly onPut: () => void;
}

function Cure({ remedy, nip, onPut }: CureProps) {
  const { t } = useTranslation();
  const mayAdminister = useMay('admin');
  const mayPause = useMay('submit');
  if ((remedy === 'credentials' || remedy === 'certificate') && mayAdminister)
    return (
      <div>
        <button type="button" className="primary" onClick={onPut}>
          {t('seller.putCredentials')}
        </button>
      </div>
    );
  if (remedy === 'credentials' || remedy === 'certificate' || (remedy === 'login' && !mayAdminister))
    return <p className="small-print">{t('seller.askAdministrator')}</p>;
  if (remedy === 'login')
    return (
      <div>
        <LogInNow nip={nip} />
      </div>
    );
  if (remedy === 'resume' && mayPause)
    return (
      <div>
        <PauseSeller nip={nip} isPaused />
      </div>
    );
  if (remedy === 'resumeAll')
    return (
      <div>
        <PauseAll />
      </div>
    );
  if (remedy === 'held')
    return (
      <div>
        <Link className="button" to="/held">
          {t('seller.showHeld')}
        </Link>
      </div>
    );
  return null;
}

function LogInNow({ nip }: { nip: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const login = useMutation({
    mutationFn: () => answered(api.POST('/v1/sellers/{nip}/login', { params: { path: { nip } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['seller', nip] }),
  });
  return (
    <>
      {login.error !== null && <Failure error={login.error} />}
      <button type="button" disabled={login.isPending} onClick={() => login.mutate()}>
        {t('seller.logInNow')}
      </button>
    </>
  );
}
