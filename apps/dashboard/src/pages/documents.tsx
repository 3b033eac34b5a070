/** The invoice and its UPO: to read here, and to take along byte for byte. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredWhenReady, api } from '../api/client.ts';
import { Loaded } from '../ui/loaded.tsx';

type Kind = 'xml' | 'upo';

export function Documents({ id, hasUpo }: { id: string; hasUpo: boolean }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Kind | null>(null);
  const kinds: Kind[] = hasUpo ? ['xml', 'upo'] : ['xml'];
  return (
    <section className="card">
      <h2>{t('documents.title')}</h2>
      <div className="row">
        {kinds.map((kind) => (
          <div key={kind} className="row">
            <a className="button" href={`/v1/invoices/${id}/${kind}`} download={`${kind}-${id}.xml`}>
              {t(`documents.download.${kind}`)}
            </a>
            <button
              type="button"
              aria-expanded={shown === kind}
              onClick={() => setShown(shown === kind ? null : kind)}
            >
              {t(`documents.show.${kind}`)}
            </button>
          </div>
        ))}
      </div>
      {!hasUpo && <p className="quiet">{t('documents.noUpo')}</p>}
      {shown !== null && <Shown key={shown} id={id} kind={shown} />}
    </section>
  );
}

function Shown({ id, kind }: { id: string; kind: Kind }) {
  const path = { params: { path: { id } }, parseAs: 'text' } as const;
  const document = useQuery({
    queryKey: ['document', id, kind],
    queryFn: async () =>
      String(
        await answeredWhenReady<unknown>(
          kind === 'xml' ? api.GET('/v1/invoices/{id}/xml', path) : api.GET('/v1/invoices/{id}/upo', path),
        ),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={document}>
      {(text) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <pre className="document" tabIndex={0}>
          {text}
        </pre>
      )}
    </Loaded>
  );
}
