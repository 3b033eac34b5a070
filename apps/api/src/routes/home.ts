import { readFile } from 'node:fs/promises';
import { PROBLEMS } from '@wsad/domain';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { sendAsIs } from '../send-as-is.ts';

const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FILES = [
  { url: '/', file: 'index.html', mediaType: 'text/html; charset=utf-8' },
  { url: '/assets/status.css', file: 'status.css', mediaType: 'text/css; charset=utf-8' },
  { url: '/assets/status.js', file: 'status.js', mediaType: 'text/javascript; charset=utf-8' },
];

/** The page at the root and the list of problem codes: files of our own, nothing from elsewhere. */
export function homeRoutes(): FastifyPluginAsync {
  return async (app) => {
    for (const { url, file, mediaType } of FILES) {
      const bytes = await readFile(new URL(`../public/${file}`, import.meta.url));
      app.get(url, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
        sendPage(reply, mediaType, bytes),
      );
    }
    const errors = Buffer.from(errorsPage());
    app.get('/docs/errors', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
      sendPage(reply, 'text/html; charset=utf-8', errors),
    );
  };
}

function sendPage(reply: FastifyReply, mediaType: string, bytes: Buffer): FastifyReply {
  reply.headers({ 'content-security-policy': PAGE_CSP, 'referrer-policy': 'no-referrer' });
  return sendAsIs(reply, 200, mediaType, bytes);
}

/** Where the `type` of a problem points to. */
function errorsPage(): string {
  const entries = Object.entries(PROBLEMS).map(
    ([code, { status, title, advice }]) =>
      `<dt id="${code}"><code>${code}</code> (${status})</dt><dd>${escaped(title)}. ${escaped(advice)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>wsad: problem codes</title><link rel="stylesheet" href="/assets/status.css"></head>
<body><main><h1>Problem codes</h1><dl>${entries.join('\n')}</dl></main></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
