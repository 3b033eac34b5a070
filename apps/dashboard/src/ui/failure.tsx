/** Why something did not work, in words for people; the server's own words below for whoever mends it. */
import { useTranslation } from 'react-i18next';
import { Refusal } from '../api/refusal.ts';

export function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const facts = error instanceof Refusal ? error.facts : null;
  const key = `refusal.${facts?.code ?? 'UNEXPECTED'}`;
  const own = error instanceof Error ? error.message : String(error);
  return (
    <div className="note bad" role="alert">
      <p>{t(key, { defaultValue: t('refusal.UNEXPECTED') })}</p>
      {own !== '' && facts?.code !== 'OFFLINE' && (
        <details>
          <summary>{t('refusal.details')}</summary>
          <p lang="en">{own}</p>
          {facts?.instance !== undefined && (
            <p className="small-print">
              {t('refusal.instance')} <code>{facts.instance}</code>
            </p>
          )}
        </details>
      )}
    </div>
  );
}
