/** What somebody may say of a webhook: where it goes, what it tells of, for which sellers. For a new one and for a change. */
import type { UseMutationResult } from '@tanstack/react-query';
import { WEBHOOK_EVENTS } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.ts';
import { SELLERS_PATTERN, sellersOf } from '../sellers-field.ts';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';
import { eventsSaid, isTold, type Said } from './webhook-said.ts';

const NOTHING_SAID: Said = { url: '', events: 'all', sellers: 'all', description: null };

interface WebhookFormProps {
  readonly title: string;
  readonly deed: string;
  readonly said?: Said;
  readonly doing: Pick<UseMutationResult, 'error' | 'isPending'>;
  readonly onSubmit: (webhook: Said) => void;
  readonly onClose: () => void;
}

export function WebhookForm({ said = NOTHING_SAID, onSubmit, ...dialog }: WebhookFormProps) {
  const { t } = useTranslation();
  const isAdministrator = useMay('administrator');
  const { url, events, sellers, description } = said;
  return (
    <FormDialog {...dialog} onSubmit={(form) => onSubmit(webhookOf(form, events))}>
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
            <input type="checkbox" name="events" value={event} defaultChecked={isTold(events)(event)} />
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

function webhookOf(form: FormData, before: Said['events']): Said {
  const description = textOf(form, 'description');
  return {
    url: textOf(form, 'url'),
    events: eventsSaid(form.getAll('events'), before),
    sellers: sellersOf(form),
    description: description === '' ? null : description,
  };
}
