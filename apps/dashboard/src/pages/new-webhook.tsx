/** A new webhook: where it goes, what it tells of, for which sellers; then its secret, which is shown this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type Schemas, WEBHOOK_EVENTS } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { webhooksQuery } from '../api/webhooks.ts';
import { SELLERS_PATTERN, sellersOf } from '../sellers-field.ts';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const isAdministrator = useMay('administrator');
  const create = useMutation({
    mutationFn: (form: FormData) => answered(api.POST('/v1/webhooks', { body: webhookOf(form) })),
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
    <FormDialog
      title={t('webhooks.new')}
      deed={t('webhooks.create')}
      doing={create}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <label className="field">
        <span>{t('webhooks.url')}</span>
        <input name="url" type="url" required maxLength={2000} autoComplete="off" placeholder="https://" />
      </label>
      <fieldset className="boxes">
        <legend>{t('webhooks.events')}</legend>
        {WEBHOOK_EVENTS.map((event) => (
          <label key={event} className="row">
            <input type="checkbox" name="events" value={event} defaultChecked />
            {t(`webhooks.event.${event}`)}
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{t(isAdministrator ? 'webhooks.sellersHelp' : 'webhooks.ownSellersHelp')}</span>
        <input name="sellers" required={!isAdministrator} autoComplete="off" pattern={SELLERS_PATTERN} />
      </label>
      <label className="field">
        <span>{t('webhooks.description')}</span>
        <input name="description" maxLength={500} autoComplete="off" />
      </label>
    </FormDialog>
  );
}

/** All that there is, also what there will be, where nothing is left out. */
function webhookOf(form: FormData): Schemas['NewWebhookInput'] {
  const chosen = form.getAll('events');
  const events = WEBHOOK_EVENTS.filter((event) => chosen.includes(event));
  const description = textOf(form, 'description');
  return {
    url: textOf(form, 'url'),
    events: events.length === WEBHOOK_EVENTS.length ? 'all' : events,
    sellers: sellersOf(form),
    description: description === '' ? null : description,
  };
}
