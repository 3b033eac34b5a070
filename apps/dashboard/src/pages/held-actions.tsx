/** What a person can do with one held invoice: send again, take out, or tell what became of a doubtful duplicate. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';

type Invoice = Schemas['Invoice'];
type Resolution = Schemas['ResolutionInput'];

export function HeldActions({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const mayAct = useMay('submit');
  const [asking, setAsking] = useState<'withdraw' | 'resolve' | null>(null);
  const act = useAction(invoice.id, () => setAsking(null));
  if (!mayAct) return null;
  const cause = invoice.held?.cause;
  const needsCredentials = ['no_credentials', 'login_refused', 'login_blocked', 'permission_missing'];
  return (
    <>
      <div className="row">
        {cause === 'duplicate_unknown' ? (
          <button type="button" className="primary" onClick={() => setAsking('resolve')}>
            {t('held.resolve')}
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={act.isPending}
            onClick={() => act.mutate('retry')}
          >
            {t('held.retry')}
          </button>
        )}
        {cause !== undefined && needsCredentials.includes(cause) && (
          <Link className="button" to="/connection/$nip" params={{ nip: invoice.nip }}>
            {t('held.toSeller')}
          </Link>
        )}
        <button type="button" className="danger" onClick={() => setAsking('withdraw')}>
          {t('held.withdraw')}
        </button>
      </div>
      {asking === null && act.error !== null && <Failure error={act.error} />}
      {asking === 'withdraw' && (
        <Dialog title={t('held.withdrawTitle')} onClose={() => setAsking(null)}>
          <p>{t('held.withdrawText')}</p>
          {act.error !== null && <Failure error={act.error} />}
          <div className="row">
            <button
              type="button"
              className="danger"
              disabled={act.isPending}
              onClick={() => act.mutate('withdraw')}
            >
              {t('held.withdraw')}
            </button>
            <button type="button" onClick={() => setAsking(null)}>
              {t('common.cancel')}
            </button>
          </div>
        </Dialog>
      )}
      {asking === 'resolve' && (
        <Resolving
          error={act.error}
          isPending={act.isPending}
          onResolve={(resolution) => act.mutate(resolution)}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

function useAction(id: string, onDone: () => void) {
  const queries = useQueryClient();
  const path = { path: { id } };
  return useMutation({
    mutationFn: (action: 'retry' | 'withdraw' | Resolution) => {
      if (action === 'retry') return answered(api.POST('/v1/invoices/{id}/retry', { params: path }));
      if (action === 'withdraw') return answered(api.POST('/v1/invoices/{id}/withdraw', { params: path }));
      return answered(api.POST('/v1/invoices/{id}/resolve', { params: path, body: action }));
    },
    onSuccess: async (invoice) => {
      onDone();
      queries.setQueryData(['invoice', id], invoice);
      await queries.invalidateQueries({ queryKey: ['held'] });
    },
  });
}

interface ResolvingProps {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onResolve: (resolution: Resolution) => void;
  readonly onClose: () => void;
}

function Resolving({ error, isPending, onResolve, onClose }: ResolvingProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onResolve({ ksefNumber: String(new FormData(event.currentTarget).get('ksefNumber')).trim() });
  };
  return (
    <Dialog title={t('held.resolveTitle')} onClose={onClose}>
      <p>{t('held.resolveText')}</p>
      <form className="stack" onSubmit={submit}>
        <label className="field">
          <span>{t('held.ksefNumber')}</span>
          <input name="ksefNumber" required maxLength={100} autoComplete="off" className="mono" />
        </label>
        {error !== null && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="primary" disabled={isPending}>
            {t('held.isOurs')}
          </button>
          <button
            type="button"
            className="danger"
            disabled={isPending}
            onClick={() => onResolve({ rejected: true })}
          >
            {t('held.isAnother')}
          </button>
          <button type="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
