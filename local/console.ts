import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { consoleCaching, consoleHeaders, consolePage, documentPath, pagePath } from '../config/console-files.ts';
import { pathOf } from './control.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Returns a function that serves the files of the console, the service's web application, as CloudFront does in AWS:
 * with the same headers, and with the same HTML file for the path of every page. For a request to the API, the function
 * returns undefined. The function serves the console even if the console is built after the service has started.
 */
export function createConsole(folder: string): (request: IncomingMessage) => Answer | undefined {
  const serve = sirv(folder, {
    // With the option `dev`, sirv reads the folder at each request.
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
    if (!isRead || /^\/(?:v1|api)\//.test(pathname)) return undefined;
    return async (_, response) => {
      for (const [name, value] of Object.entries(localHeaders)) response.setHeader(name, value);
      const isDocument = documentPath.test(pathname);
      const isPage = !isDocument && pagePath.test(pathname);
      if (isDocument) request.url = `${pathname}.html`;
      if (isPage) request.url = consolePage;
      // Removes the header `Range`, because a malformed range makes sirv throw, and no page needs ranges.
      delete request.headers.range;
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        // Vite stores files about the build in a folder whose name begins with a dot. The console does not need this
        // folder, and the deployment to AWS omits the folder too.
        if (/\/(\.|%2e)/i.test(pathname)) {
          response.writeHead(404).end();
          return;
        }
        serve(request, response, () => {
          response.writeHead(404).end(isPage ? 'Build the console first: npm run build\n' : '');
        });
      });
    };
  };
}

/**
 * All headers except HSTS, which "MUST NOT" be sent without TLS (RFC 6797, 7.2). If the service were behind a TLS proxy
 * on this machine, the browser would obey HSTS, and would then refuse every localhost URL without TLS for a year.
 */
const { 'strict-transport-security': _forTls, ...localHeaders } = consoleHeaders;
