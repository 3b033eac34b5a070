/** What a person can do with one held invoice: send again, take out, or tell what became of a doubtful duplicate. */
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { Asking } from '../ui/asking.tsx';
import { Failure } from '../ui/failure.tsx';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';

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
        <Asking
          title={t('held.withdrawTitle')}
          deed={t('held.withdraw')}
          doing={act}
          onDo={() => act.mutate('withdraw')}
          onClose={() => setAsking(null)}
        >
          <p>{t('held.withdrawText')}</p>
        </Asking>
      )}
      {asking === 'resolve' && (
        <Resolving doing={act} onResolve={act.mutate} onClose={() => setAsking(null)} />
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
  readonly doing: Pick<UseMutationResult, 'error' | 'isPending'>;
  readonly onResolve: (resolution: Resolution) => void;
  readonly onClose: () => void;
}

function Resolving({ doing, onResolve, onClose }: ResolvingProps) {
  const { t } = useTranslation();
  const another = (
    <button
      type="button"
      className="danger"
      disabled={doing.isPending}
      onClick={() => onResolve({ rejected: true })}
    >
      {t('held.isAnother')}
    </button>
  );
  return (
    <FormDialog
      title={t('held.resolveTitle')}
      deed={t('held.isOurs')}
      doing={doing}
      onSubmit={(form) => onResolve({ ksefNumber: textOf(form, 'ksefNumber') })}
      onClose={onClose}
      actions={another}
    >
      <p>{t('held.resolveText')}</p>
      <label className="field">
        <span>{t('held.ksefNumber')}</span>
        <input name="ksefNumber" required maxLength={100} autoComplete="off" className="mono" />
      </label>
    </FormDialog>
  );
}
