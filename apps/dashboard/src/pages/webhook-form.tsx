/** What somebody may say of a webhook: where it goes, what it tells of, for which sellers. For a new one and for a change. */
import type { UseMutationResult } from '@tanstack/react-query';
import { type Schemas, WEBHOOK_EVENTS } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.ts';
import type { Webhook } from '../api/webhooks.ts';
import { SELLERS_PATTERN, sellersOf } from '../sellers-field.ts';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';

type Said = Pick<Webhook, 'url' | 'events' | 'sellers' | 'description'>;

const NOTHING_SAID: Said = { url: '', events: 'all', sellers: 'all', description: null };

interface WebhookFormProps {
  readonly title: string;
  readonly deed: string;
  readonly said?: Said;
  readonly doing: Pick<UseMutationResult, 'error' | 'isPending'>;
  readonly onSubmit: (webhook: Schemas['NewWebhookInput']) => void;
  readonly onClose: () => void;
}

export function WebhookForm({ said = NOTHING_SAID, onSubmit, ...dialog }: WebhookFormProps) {
  const { t } = useTranslation();
  const isAdministrator = useMay('administrator');
  const { url, events, sellers, description } = said;
  return (
    <FormDialog {...dialog} onSubmit={(form) => onSubmit(webhookOf(form))}>
      <label className="field">
        <span>{t('webhooks.url')}</span>
        <input
          name="url"
          type="url"
          required
          maxLength={2000}
          autoComplete="off"
          placeholder="https://"
          defaultValue={url}
        />
      </label>
      <fieldset className="boxes">
        <legend>{t('webhooks.events')}</legend>
        {WEBHOOK_EVENTS.map((event) => (
          <label key={event} className="row">
            <input
              type="checkbox"
              name="events"
              value={event}
              defaultChecked={events === 'all' || events.includes(event)}
            />
            {t(`webhooks.event.${event}`)}
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{t(isAdministrator ? 'webhooks.sellersHelp' : 'webhooks.ownSellersHelp')}</span>
        <input
          name="sellers"
          required={!isAdministrator}
          autoComplete="off"
          pattern={SELLERS_PATTERN}
          defaultValue={sellers === 'all' ? '' : sellers.join(', ')}
        />
      </label>
      <label className="field">
        <span>{t('webhooks.description')}</span>
        <input name="description" maxLength={500} autoComplete="off" defaultValue={description ?? ''} />
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
