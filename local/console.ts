import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { consoleCaching, consoleHeaders, consolePage, pagePath } from '../config/console-files.ts';
import { pathOf } from './control.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Creates a function that serves the console's files as CloudFront does in AWS: with the same headers, and with the
 * console's page for every path of a page. The function returns undefined for a request to the API. A build that ends
 * while the service runs is served without a restart.
 */
export function createConsole(folder: string): (request: IncomingMessage) => Answer | undefined {
  const serve = sirv(folder, {
    // sirv reads the folder at each request, so a new build is served.
    dev: true,
    etag: true,
    extensions: [],
    setHeaders: (response, pathname) => {
      response.setHeader('cache-control', consoleCaching[pathname.startsWith('/assets/') ? 'assets' : 'others']);
    },
  });
  return (request) => {
    const pathname = pathOf(request);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || pathname.startsWith('/v1/')) return undefined;
    return async (_, response) => {
      for (const [name, value] of Object.entries(localHeaders)) response.setHeader(name, value);
      if (pagePath.test(pathname)) request.url = consolePage;
      // sirv throws on a malformed range, and no page needs ranges.
      delete request.headers.range;
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        // Vite writes its build manifest to a folder whose name begins with a dot. That folder is not deployed either.
        if (/\/(\.|%2e)/i.test(pathname)) {
          response.writeHead(404).end();
          return;
        }
        serve(request, response, () => {
          response.writeHead(404).end();
        });
      });
    };
  };
}

/**
 * All headers except HSTS, which "MUST NOT" be sent without TLS (RFC 6797, 7.2). Behind a local proxy with TLS, HSTS would
 * make the browser refuse every other service on localhost for a year.
 */
const { 'strict-transport-security': _forTls, ...localHeaders } = consoleHeaders;
