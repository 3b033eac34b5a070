/** What stands around every page: where one can go, who is logged in, language and colours. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { may, sessionQuery } from '../api/session.ts';
import { Settings } from './settings.tsx';

const PLACES = ['connection', 'overview', 'upload', 'submissions', 'invoices', 'held', 'sessions'] as const;

export function Shell() {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery).data;
  const isAdministrator = may(session, 'administrator');
  const [isOpen, setOpen] = useMenu();
  return (
    <div className="shell">
      <a className="skip button" href="#main">
        {t('shell.skip')}
      </a>
      <header className={isOpen ? 'side open' : 'side'}>
        <div className="brand">
          <img src="/icon.svg" alt="" />
          wsad
          <button
            type="button"
            className="small menu"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t('shell.menu')}
          </button>
        </div>
        <nav aria-label={t('shell.navigation')}>
          <ul>
            {PLACES.map((place) => (
              <li key={place}>
                <Link to={`/${place}`}>{t(`shell.${place}`)}</Link>
              </li>
            ))}
            {may(session, 'admin') && (
              <li>
                <Link to="/webhooks">{t('shell.webhooks')}</Link>
              </li>
            )}
            {isAdministrator && (
              <>
                <li>
                  <Link to="/keys">{t('shell.keys')}</Link>
                </li>
                <li>
                  <a href="/admin/queues">{t('shell.queues')}</a>
                </li>
              </>
            )}
            <li>
              <a href="/docs">{t('shell.docs')}</a>
            </li>
          </ul>
        </nav>
        <div className="foot">
          <Settings />
          <LogOut actor={session?.actor ?? ''} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** Where there is little room; going somewhere closes it. */
function useMenu() {
  const state = useState(false);
  const [, setOpen] = state;
  const address = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => setOpen(address === ''), [address, setOpen]);
  return state;
}

function LogOut({ actor }: { actor: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const logOut = async () => {
    await api.DELETE('/v1/session');
    queries.clear();
    await navigate({ to: '/login' });
  };
  return (
    <button type="button" className="small" title={actor} onClick={() => void logOut()}>
      {t('shell.logOut')}
    </button>
  );
}
