/** The seller's authentication sessions at KSeF: which there are, and ending one. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredWhenReady, api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { Asking } from '../ui/asking.tsx';
import { Chip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Table, type TableColumn } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';
import { methodName } from './method-name.ts';

type AuthSession = Schemas['AuthSessionList']['items'][number];

const ASK_AGAIN_MS = 1500;

interface AuthSessionsProps {
  readonly nip: string;
  /** Something that another login changes. */
  readonly login: string | null;
}

export function AuthSessions({ nip, login }: AuthSessionsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayRevoke = useMay('admin');
  const [revoking, setRevoking] = useState<AuthSession | null>(null);
  const sessions = useAuthSessions(nip, login);
  const end: TableColumn<AuthSession> = {
    title: t('authSessions.end'),
    cell: (session) => (
      <button type="button" className="small danger" onClick={() => setRevoking(session)}>
        {t('authSessions.revoke')}
      </button>
    ),
  };
  return (
    <section className="card">
      <div className="head">
        <h2>{t('authSessions.title')}</h2>
        {sessions.data != null && (
          <span className="small-print">
            {t('authSessions.asOf')} {format.time(sessions.data.fetchedAt)}
          </span>
        )}
      </div>
      <Loaded query={sessions}>
        {(list) =>
          list === null ? (
            <p className="quiet" role="status">
              {t('authSessions.asking')}
            </p>
          ) : (
            <Table
              label={t('authSessions.title')}
              rows={list.items}
              rowKey={({ reference }) => reference}
              columns={[
                {
                  title: t('authSessions.since'),
                  cell: ({ startedAt, current }) => (
                    <>
                      {format.instant(startedAt)}{' '}
                      {current && <Chip tone="good">{t('authSessions.current')}</Chip>}
                    </>
                  ),
                },
                { title: t('authSessions.method'), cell: ({ method }) => methodName(t, method) },
                { title: t('authSessions.until'), cell: ({ refreshUntil }) => format.instant(refreshUntil) },
                { title: t('authSessions.reference'), cell: ({ reference }) => reference, as: 'mono' },
                ...(mayRevoke ? [end] : []),
              ]}
            />
          )
        }
      </Loaded>
      {revoking !== null && <Revoking nip={nip} session={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

/** As KSeF last named them, which few calls are for: it is asked anew after a login. */
function useAuthSessions(nip: string, login: string | null) {
  return useQuery({
    queryKey: ['authSessions', nip, login],
    queryFn: () =>
      answeredWhenReady(api.GET('/v1/sellers/{nip}/auth-sessions', { params: { path: { nip } } })),
    placeholderData: keepPreviousData,
    // Null while a job asks KSeF.
    refetchInterval: ({ state }) => (state.data === null ? ASK_AGAIN_MS : false),
  });
}

interface RevokingProps {
  readonly nip: string;
  readonly session: AuthSession;
  readonly onClose: () => void;
}

function Revoking({ nip, session, onClose }: RevokingProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => untilRevoked(nip, session.reference),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['authSessions', nip] });
      await queries.invalidateQueries({ queryKey: ['seller', nip] });
    },
  });
  return (
    <Asking
      title={t('authSessions.revokeTitle')}
      deed={t('authSessions.revoke')}
      doing={revoke}
      onDo={revoke.mutate}
      onClose={onClose}
    >
      <p>{t(session.current ? 'authSessions.revokeCurrent' : 'authSessions.revokeOther')}</p>
      <p className="mono">{session.reference}</p>
    </Asking>
  );
}

/** The call is repeated until KSeF has ended it. */
async function untilRevoked(nip: string, reference: string): Promise<void> {
  const path = { nip, reference };
  for (;;) {
    const answer = await answeredWhenReady(
      api.DELETE('/v1/sellers/{nip}/auth-sessions/{reference}', { params: { path } }),
    );
    if (answer !== null) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
