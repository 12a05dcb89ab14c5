import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../page');
const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;
const files = {
  '/': 'index.html',
  '/shop.css': 'shop.css',
  '/shop.js': 'shop.js',
  '/account.js': 'account.js',
  '/autofill.js': 'autofill.js',
  '/passkeys.js': 'passkeys.js',
  '/server.js': 'server.js',
  '/icon.svg': 'icon.svg',
} as const;

/** The files of the page, by path. There are no other ones, so a path can never lead to another file of the server. */
export const pageFiles: ReadonlyMap<string, { readonly type: string; readonly content: Buffer }> = new Map(
  Object.entries(files).map(([path, file]) => {
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES];
    return [path, { type, content: readFileSync(join(PAGE, file)) }];
  }),
);

/**
 * The headers of every answer. The page loads only its own files, and runs no script inside the HTML. Only this page,
 * and no frame in it, may use passkeys. Another site cannot embed the page to trick a person into clicking.
 */
export const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'permissions-policy': 'publickey-credentials-create=(self), publickey-credentials-get=(self)',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;
