import { readFile } from 'node:fs/promises';
import { PROBLEMS } from '@wsad/domain';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { dashboardFiles, type PageFile } from '../dashboard-files.ts';
import { sendAsIs } from '../send-as-is.ts';

const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HTML = 'text/html; charset=utf-8';
const INDEX = 'index.html';
/** Names of files under it hold a hash of their content: they never change. */
const ASSETS = 'assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Every address that the dashboard itself makes a page of; apps/dashboard/src/router.tsx has the same. */
const PAGES = [
  '/',
  ...['/login', '/overview', '/upload', '/held', '/keys'],
  ...['connection', 'submissions', 'invoices', 'sessions', 'webhooks'].flatMap((list) => [
    `/${list}`,
    `/${list}/:id`,
  ]),
];

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>wsad</title></head>
<body><main><h1>wsad</h1><p>The dashboard has not been built yet: <code>npm run setup</code> does it.</p></main></body></html>
`;

const PUBLIC = { config: { access: 'public' }, schema: { hide: true } } as const;

/** The dashboard and the list of problem codes: files of our own, nothing from elsewhere. */
export function homeRoutes(): FastifyPluginAsync {
  return async (app) => {
    const files = await dashboardFiles();
    for (const [name, file] of files) {
      if (name === INDEX) continue;
      const cacheControl = name.startsWith(ASSETS) ? FOR_EVER : 'no-cache';
      app.get(`/${name}`, PUBLIC, (request, reply) => sendFile(request, reply, file, cacheControl));
    }
    const index = files.get(INDEX);
    for (const page of PAGES)
      app.get(page, PUBLIC, (request, reply) =>
        index === undefined
          ? sendPage(reply, HTML, Buffer.from(NOT_BUILT))
          : sendFile(request, guarded(reply), index, 'no-store'),
      );
    await problemCodes(app);
  };
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  cacheControl: string,
): FastifyReply {
  reply.headers({ 'cache-control': cacheControl, vary: 'accept-encoding' });
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
  if (encoding === undefined) return sendAsIs(reply, 200, file.mediaType, file.plain);
  reply.header('content-encoding', encoding);
  return sendAsIs(reply, 200, file.mediaType, file[encoding]);
}

function sendPage(reply: FastifyReply, mediaType: string, bytes: Buffer): FastifyReply {
  return sendAsIs(guarded(reply), 200, mediaType, bytes);
}

function guarded(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'content-security-policy': PAGE_CSP, 'referrer-policy': 'no-referrer' });
}

async function problemCodes(app: Parameters<FastifyPluginAsync>[0]): Promise<void> {
  const style = await readFile(new URL('../public/problem-codes.css', import.meta.url));
  const page = Buffer.from(errorsPage());
  app.get('/docs/problem-codes.css', PUBLIC, (_request, reply) =>
    sendPage(reply, 'text/css; charset=utf-8', style),
  );
  app.get('/docs/errors', PUBLIC, (_request, reply) => sendPage(reply, HTML, page));
}

/** Where the `type` of a problem points to. */
function errorsPage(): string {
  const entries = Object.entries(PROBLEMS).map(
    ([code, { status, title, advice }]) =>
      `<dt id="${code}"><code>${code}</code> (${status})</dt><dd>${escaped(title)}. ${escaped(advice)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>wsad: problem codes</title><link rel="stylesheet" href="/docs/problem-codes.css"></head>
<body><main><h1>Problem codes</h1><dl>${entries.join('\n')}</dl></main></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
