import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Api } from './api.ts';

const PAGE = new URL('../../../../scripts/test_websocket.html', import.meta.url);

/**
 * `/playground`: the page for trying the sockets. It is one file, so that it also works opened from a disk; its
 * script and style are allowed by their hashes, and it may connect to whatever server its user names.
 */
export async function servePlayground(app: Api): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(page, 'script')}`,
    `style-src ${hashes(page, 'style')}`,
    'connect-src *',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  app.get('/playground', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page),
  );
}

function hashes(page: string, element: 'script' | 'style'): string {
  const bodies = page.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'));
  return [...bodies].map(([, body = '']) => `'sha256-${createHash('sha256').update(body).digest('base64')}'`).join(' ');
}
