/** A new webhook; then its secret, which is shown this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { webhooksQuery } from '../api/webhooks.ts';
import { ShownOnce } from '../ui/shown-once.tsx';
import { WebhookForm } from './webhook-form.tsx';

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (webhook: Schemas['NewWebhookInput']) =>
      answered(api.POST('/v1/webhooks', { body: webhook })),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
  const made = create.data;
  if (made !== undefined)
    return (
      <ShownOnce
        title={t('webhooks.secret')}
        text={t('webhooks.shownOnce')}
        secret={made.secret}
        onClose={() => void navigate({ to: '/webhooks/$id', params: { id: made.id } })}
      />
    );
  return (
    <WebhookForm
      title={t('webhooks.new')}
      deed={t('webhooks.create')}
      doing={create}
      onSubmit={create.mutate}
      onClose={onClose}
    />
  );
}
