/** The pages by their addresses; each page's code is loaded when it is first opened. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from './api/session.ts';
import { invoiceSearch } from './invoice-search.ts';
import { Failure } from './ui/failure.tsx';
import { Shell } from './ui/shell.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ errorComponent: Failure });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ from }: Record<string, unknown>) => (typeof from === 'string' ? { from } : {}),
  component: lazyRouteComponent(() => import('./pages/login.tsx'), 'LoginPage'),
});

/** Everything that only somebody logged in sees. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery).catch(() => null);
    if (session === null) throw redirect({ to: '/login', search: { from: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/connection' });
  },
});

const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connection',
  // Whose key is for one seller alone wants to see that one.
  beforeLoad: async ({ context }) => {
    const { sellers } = await context.queries.ensureQueryData(sessionQuery);
    const [nip] = sellers === 'all' || sellers.length > 1 ? [] : sellers;
    if (nip !== undefined) throw redirect({ to: '/connection/$nip', params: { nip } });
  },
  component: lazyRouteComponent(() => import('./pages/connection.tsx'), 'ConnectionPage'),
});

const seller = createRoute({
  getParentRoute: () => inside,
  path: '/connection/$nip',
  component: lazyRouteComponent(() => import('./pages/seller.tsx'), 'SellerPage'),
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/overview',
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
});

const upload = createRoute({
  getParentRoute: () => inside,
  path: '/upload',
  component: lazyRouteComponent(() => import('./pages/upload.tsx'), 'UploadPage'),
});

const submissions = createRoute({
  getParentRoute: () => inside,
  path: '/submissions',
  component: lazyRouteComponent(() => import('./pages/submissions.tsx'), 'SubmissionsPage'),
});

const submission = createRoute({
  getParentRoute: () => inside,
  path: '/submissions/$id',
  component: lazyRouteComponent(() => import('./pages/submission.tsx'), 'SubmissionPage'),
});

const invoices = createRoute({
  getParentRoute: () => inside,
  path: '/invoices',
  validateSearch: invoiceSearch,
  component: lazyRouteComponent(() => import('./pages/invoices.tsx'), 'InvoicesPage'),
});

const invoice = createRoute({
  getParentRoute: () => inside,
  path: '/invoices/$id',
  component: lazyRouteComponent(() => import('./pages/invoice.tsx'), 'InvoicePage'),
});

const held = createRoute({
  getParentRoute: () => inside,
  path: '/held',
  component: lazyRouteComponent(() => import('./pages/held.tsx'), 'HeldPage'),
});

const sessions = createRoute({
  getParentRoute: () => inside,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./pages/sessions.tsx'), 'SessionsPage'),
});

const session = createRoute({
  getParentRoute: () => inside,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('./pages/session.tsx'), 'SessionPage'),
});

const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks/$id',
  component: lazyRouteComponent(() => import('./pages/webhook.tsx'), 'WebhookPage'),
});

const keys = createRoute({
  getParentRoute: () => inside,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys.tsx'), 'KeysPage'),
});

export function createPages(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren({
      login,
      inside: inside.addChildren({
        ...{ home, connection, seller, overview, upload, submissions, submission },
        ...{ invoices, invoice, held, sessions, session, webhooks, webhook, keys },
      }),
    }),
    context: { queries },
    defaultErrorComponent: Failure,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
