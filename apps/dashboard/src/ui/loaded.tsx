/** What a query gave; before that a word that it is being fetched, and why where it failed. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from './failure.tsx';

interface LoadedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>;
  readonly children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { t } = useTranslation();
  if (query.data !== undefined)
    return (
      <>
        {query.error !== null && <Failure error={query.error} />}
        {children(query.data)}
      </>
    );
  if (query.error !== null) return <Failure error={query.error} />;
  return (
    <p className="quiet" role="status">
      {t('common.loading')}
    </p>
  );
}
