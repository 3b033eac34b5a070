/** Logging in with a key or the administrator token; the browser keeps only the cookie of the session. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { sessionQuery } from '../api/session.ts';
import { Failure } from '../ui/failure.tsx';
import { Settings } from '../ui/settings.tsx';

export function LoginPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { from } = useSearch({ from: '/login' });
  const login = useMutation({
    mutationFn: (key: string) => answered(api.POST('/v1/session', { body: { key } })),
    onSuccess: async (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: inside(from) });
    },
  });
  useEffect(() => {
    document.title = `${t('login.title')} · wsad`;
  }, [t]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    login.mutate(String(new FormData(event.currentTarget).get('key')).trim());
  };
  return (
    <div className="login">
      <main>
        <form className="card" onSubmit={submit}>
          <div className="brand">
            <img src="/icon.svg" alt="" />
            <h1>{t('login.title')}</h1>
          </div>
          <p className="quiet">{t('login.lead')}</p>
          <label className="field">
            <span>{t('login.key')}</span>
            <input name="key" type="password" autoComplete="current-password" required maxLength={500} />
          </label>
          {login.error !== null && <Failure error={login.error} />}
          <button type="submit" className="primary" disabled={login.isPending}>
            {t('login.enter')}
          </button>
          <p className="small-print">{t('login.hint')}</p>
        </form>
        <Settings />
      </main>
    </div>
  );
}

/** Back to where somebody came from, on this server alone. */
function inside(from: string | undefined): string {
  return from?.startsWith('/') && !from.startsWith('//') ? from : '/connection';
}
