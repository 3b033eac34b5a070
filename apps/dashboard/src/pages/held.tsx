/** What waits for a person: by seller and cause, with what helps, for all of a group at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import { useMay } from '../api/session.ts';
import { formatNip } from '../format.ts';
import { Asking } from '../ui/asking.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';

type HeldGroup = Schemas['HeldGroup'];
type Action = 'retry' | 'withdraw';

export function HeldPage() {
  const { t } = useTranslation();
  const { items, error } = usePages(
    ['held'],
    (cursor) => answered(api.GET('/v1/held', { params: { query: { limit: 1000, ...cursor } } })),
    { everyMs: 5000 },
  );
  return (
    <Page title={t('held.title')}>
      <p className="quiet">{t('held.lead')}</p>
      <Loaded query={{ data: items, error }}>
        {(groups) =>
          groups.length === 0 ? (
            <p className="note good">{t('held.none')}</p>
          ) : (
            groups.map((group) => <Group key={`${group.nip}${group.holdCause}`} group={group} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function Group({ group }: { group: HeldGroup }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayAct = useMay('submit');
  const [asking, setAsking] = useState<Action | null>(null);
  const { nip, holdCause, holdDetail, invoices, oldestAt, action } = group;
  const byConnection = action === 'credentials' || action === 'permissions';
  return (
    <section className="card">
      <div className="head">
        <h2>
          {t(`holdTitle.${holdCause}`)}: {t('common.invoices', { count: invoices })}
        </h2>
        <Link to="/connection/$nip" params={{ nip }}>
          {formatNip(nip)}
        </Link>
      </div>
      <p>{t(`holdCause.${holdCause}`)}</p>
      {holdDetail !== null && (
        <p className="small-print">
          {t('seller.inKsefWords')} <q lang="pl">{holdDetail}</q>
        </p>
      )}
      <p className="small-print">
        {t('held.since')} {format.instant(oldestAt)} ({format.relative(oldestAt)})
      </p>
      <div className="row">
        {byConnection && (
          <Link className="button primary" to="/connection/$nip" params={{ nip }}>
            {t('held.toSeller')}
          </Link>
        )}
        <Link
          className={action === 'resolve' ? 'button primary' : 'button'}
          to="/invoices"
          search={{ nip, state: 'held' }}
        >
          {t(action === 'resolve' ? 'held.oneByOne' : 'held.show')}
        </Link>
        {mayAct && action !== 'resolve' && (
          <button type="button" className={byConnection ? '' : 'primary'} onClick={() => setAsking('retry')}>
            {t('held.retryAll')}
          </button>
        )}
        {mayAct && (
          <button type="button" className="danger" onClick={() => setAsking('withdraw')}>
            {t('held.withdrawAll')}
          </button>
        )}
      </div>
      {asking !== null && <AskingForAll group={group} action={asking} onClose={() => setAsking(null)} />}
    </section>
  );
}

interface AskingForAllProps {
  readonly group: HeldGroup;
  readonly action: Action;
  readonly onClose: () => void;
}

function AskingForAll({ group, action, onClose }: AskingForAllProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => toAll(group, action),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  return (
    <Asking
      title={t(`held.${action}AllTitle`, { count: group.invoices })}
      deed={t(`held.${action}All`)}
      look={action === 'retry' ? 'primary' : 'danger'}
      doing={act}
      onDo={act.mutate}
      onClose={onClose}
    >
      <p>{t(`held.${action}Text`)}</p>
    </Asking>
  );
}

/** A call takes a thousand at most. */
async function toAll({ nip, holdCause }: HeldGroup, action: Action): Promise<void> {
  const body = { nip, holdCause };
  for (;;) {
    const { more } = await answered(
      action === 'retry'
        ? api.POST('/v1/invoices/retry', { body })
        : api.POST('/v1/invoices/withdraw', { body }),
    );
    if (!more) return;
  }
}
