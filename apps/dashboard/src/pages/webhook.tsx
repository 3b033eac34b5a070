/** One webhook: how it fares, what can be done with it, and its deliveries. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { type Webhook, webhookQuery, webhookState } from '../api/webhooks.ts';
import { Asking } from '../ui/asking.tsx';
import { StateChip } from '../ui/chip.tsx';
import { Failure } from '../ui/failure.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { useFormat } from '../ui/use-format.ts';
import { Deliveries } from './deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { whatChanged } from './webhook-said.ts';
import { useWishes } from './webhook-wishes.ts';

export function WebhookPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/inside/webhooks/$id' });
  const webhook = useQuery(webhookQuery(id));
  return (
    <Page
      title={t('webhooks.one')}
      actions={webhook.data !== undefined && <Actions webhook={webhook.data} />}
    >
      <Loaded query={webhook}>{(data) => <Facts webhook={data} />}</Loaded>
      {webhook.data !== undefined && <Deliveries webhook={webhook.data} />}
    </Page>
  );
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wishes = useWishes();
  const { url, description, events, sellers, createdAt, disabledAt, disabledWhy } = webhook;
  const { failures, failingSince, lastSuccessAt, earlierSecretUntil } = webhook;
  return (
    <section className="card">
      <div className="head">
        <h2 className="mono">{url}</h2>
        <StateChip of="webhook" state={webhookState(webhook)} />
      </div>
      {description !== null && <p>{description}</p>}
      {disabledWhy !== null && (
        <p className={disabledWhy === 'person' ? 'note warn' : 'note bad'}>
          {t(`webhooks.stopped.${disabledWhy}`)} ({format.instant(disabledAt)})
        </p>
      )}
      {failingSince !== null && disabledWhy === null && (
        <p className="note warn">
          {t('webhooks.failing', { count: failures })} {format.relative(failingSince)}.
        </p>
      )}
      <dl className="facts">
        <dt>{t('webhooks.events')}</dt>
        <dd>{wishes.events(events)}</dd>
        <dt>{t('webhooks.sellers')}</dt>
        <dd>{wishes.sellers(sellers)}</dd>
        <dt>{t('webhooks.createdAt')}</dt>
        <dd>{format.instant(createdAt)}</dd>
        <dt>{t('webhooks.lastSuccess')}</dt>
        <dd>{format.instant(lastSuccessAt)}</dd>
        {earlierSecretUntil !== null && (
          <>
            <dt>{t('webhooks.earlierSecret')}</dt>
            <dd>{format.instant(earlierSecretUntil)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Actions({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'change' | 'rotate' | 'delete' | null>(null);
  const { id, active } = webhook;
  const params = { path: { id } };
  const again = () => queries.invalidateQueries();
  const turn = useMutation({
    mutationFn: () => answered(api.PATCH('/v1/webhooks/{id}', { params, body: { active: !active } })),
    onSettled: again,
  });
  const test = useMutation({
    mutationFn: () => answered(api.POST('/v1/webhooks/{id}/test', { params })),
    onSettled: again,
  });
  const error = turn.error ?? test.error;
  return (
    <>
      {error !== null && <Failure error={error} />}
      <button type="button" disabled={!active || test.isPending} onClick={() => test.mutate()}>
        {t('webhooks.test')}
      </button>
      <button type="button" disabled={turn.isPending} onClick={() => turn.mutate()}>
        {t(active ? 'webhooks.pause' : 'webhooks.resume')}
      </button>
      <button type="button" onClick={() => setAsking('change')}>
        {t('webhooks.change')}
      </button>
      <button type="button" onClick={() => setAsking('rotate')}>
        {t('webhooks.rotate')}
      </button>
      <button type="button" className="danger" onClick={() => setAsking('delete')}>
        {t('webhooks.delete')}
      </button>
      {asking === 'change' && <Changing webhook={webhook} onClose={() => setAsking(null)} />}
      {asking === 'rotate' && <Rotating id={id} onClose={() => setAsking(null)} />}
      {asking === 'delete' && <Deleting webhook={webhook} onClose={() => setAsking(null)} />}
    </>
  );
}

function Changing({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  // As it was when the form was opened: what others change meanwhile is not put back.
  const [before] = useState(webhook);
  const params = { path: { id: webhook.id } };
  const change = useMutation({
    mutationFn: (body: Schemas['WebhookChange']) =>
      answered(api.PATCH('/v1/webhooks/{id}', { params, body })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      onClose();
    },
  });
  return (
    <WebhookForm
      title={t('webhooks.changeTitle')}
      deed={t('webhooks.save')}
      said={before}
      doing={change}
      onSubmit={(now) => change.mutate(whatChanged(before, now))}
      onClose={onClose}
    />
  );
}

function Rotating({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => answered(api.POST('/v1/webhooks/{id}/rotate', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhook', id] }),
  });
  if (rotate.data !== undefined)
    return (
      <ShownOnce
        title={t('webhooks.secret')}
        text={t('webhooks.shownOnce')}
        secret={rotate.data.secret}
        onClose={onClose}
      />
    );
  return (
    <Asking
      title={t('webhooks.rotateTitle')}
      deed={t('webhooks.rotate')}
      look="primary"
      doing={rotate}
      onDo={rotate.mutate}
      onClose={onClose}
    >
      <p>{t('webhooks.rotateText')}</p>
    </Asking>
  );
}

function Deleting({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id, url } = webhook;
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE('/v1/webhooks/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await navigate({ to: '/webhooks' });
      queries.removeQueries({ queryKey: ['webhook', id] });
      await queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <Asking
      title={t('webhooks.deleteTitle')}
      deed={t('webhooks.delete')}
      doing={remove}
      onDo={remove.mutate}
      onClose={onClose}
    >
      <p>{t('webhooks.deleteText')}</p>
      <p className="mono">{url}</p>
    </Asking>
  );
}
