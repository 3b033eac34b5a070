/** The seller's authentication sessions at KSeF: which there are, and ending one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredWhenReady, api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { Chip } from '../ui/chip.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Scroll } from '../ui/scroll.tsx';
import { useFormat } from '../ui/use-format.ts';
import { methodName } from './method-name.ts';

type AuthSession = Schemas['AuthSessionList']['items'][number];

const ASK_AGAIN_MS = 1500;

export function AuthSessions({ nip }: { nip: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayRevoke = useMay('admin');
  const [revoking, setRevoking] = useState<AuthSession | null>(null);
  const sessions = useQuery({
    queryKey: ['authSessions', nip],
    queryFn: () =>
      answeredWhenReady(api.GET('/v1/sellers/{nip}/auth-sessions', { params: { path: { nip } } })),
    // Null while a job asks KSeF.
    refetchInterval: ({ state }) => (state.data === null ? ASK_AGAIN_MS : false),
  });
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
            <Scroll label={t('authSessions.title')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('authSessions.since')}</th>
                    <th scope="col">{t('authSessions.method')}</th>
                    <th scope="col">{t('authSessions.until')}</th>
                    <th scope="col">{t('authSessions.reference')}</th>
                    {mayRevoke && <th scope="col">{t('authSessions.end')}</th>}
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((session) => (
                    <tr key={session.reference}>
                      <td>
                        {format.instant(session.startedAt)}{' '}
                        {session.current && <Chip tone="good">{t('authSessions.current')}</Chip>}
                      </td>
                      <td>{methodName(t, session.method)}</td>
                      <td>{format.instant(session.refreshUntil)}</td>
                      <td className="mono">{session.reference}</td>
                      {mayRevoke && (
                        <td>
                          <button type="button" className="small danger" onClick={() => setRevoking(session)}>
                            {t('authSessions.revoke')}
                          </button>
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )
        }
      </Loaded>
      {revoking !== null && <Revoking nip={nip} session={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
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
    <Dialog title={t('authSessions.revokeTitle')} onClose={onClose}>
      <p>{t(session.current ? 'authSessions.revokeCurrent' : 'authSessions.revokeOther')}</p>
      <p className="mono">{session.reference}</p>
      {revoke.error !== null && <Failure error={revoke.error} />}
      <div className="row">
        <button type="button" className="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {t('authSessions.revoke')}
        </button>
        <button type="button" onClick={onClose}>
          {t('common.cancel')}
        </button>
      </div>
    </Dialog>
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
