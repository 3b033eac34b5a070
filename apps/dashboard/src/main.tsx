/** Puts the page together: words, theme, calls and addresses. */
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isLoggedOut, Refusal } from './api/refusal.ts';
import { createPages } from './router.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import { applyTheme } from './theme.ts';
import { startWords } from './words/index.ts';

const RETRIES_MAX = 2;

applyTheme();
const queries = new QueryClient({
  // A session that has ended shows at the first call: the way back is the login page.
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (isLoggedOut(error) && query.queryKey[0] !== 'session') toLogin();
    },
  }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES_MAX && mayPass(error),
      refetchOnWindowFocus: true,
    },
  },
});
const pages = createPages(queries);

function toLogin(): void {
  queries.removeQueries({ queryKey: ['session'] });
  void pages.navigate({ to: '/login', search: { from: pages.state.location.href } });
}

/** What is answered with a reason is answered so again. */
function mayPass(error: unknown): boolean {
  return !(error instanceof Refusal) || error.facts.status === 0 || error.facts.status >= 500;
}

async function start(): Promise<void> {
  await startWords();
  const place = document.querySelector('#root');
  if (place === null) return;
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={pages} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
