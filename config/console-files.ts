/**
 * Describes, as data, how to serve the console's files. CloudFront (in AWS) and the local service (on one machine) both
 * serve the console as this module describes.
 */

const contentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // Mantine and the scroll lock of its dialogs insert style elements, which contain the theme's variables and a
  // component's values for each screen width. A nonce must differ in each response, but S3 serves the same page to
  // every visitor. A hash would allow only one exact text of a style element, and these texts vary. So the policy
  // allows every style element. But it forbids style attributes, because injected markup could use them. React and
  // Mantine set styles through the DOM, which the policy does not treat as style attributes.
  'style-src': ["'self'", "'unsafe-inline'"],
  'style-src-attr': ["'none'"],
  'img-src': ["'self'"],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  // The policy does not contain the directive require-trusted-types-for. With this directive, Chromium would refuse
  // Mantine's style elements, because React sets their content through innerHTML.
};

const permissionsPolicy = {
  'publickey-credentials-create': '(self)',
  'publickey-credentials-get': '(self)',
  'clipboard-write': '(self)',
  ...Object.fromEntries(
    [
      ...['accelerometer', 'camera', 'clipboard-read', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer'],
      ...['microphone', 'midi', 'payment', 'serial', 'usb'],
    ].map((feature) => [feature, '()'] as const),
  ),
};

/**
 * For this number of seconds after a response, a browser connects to the host only with TLS. The API, which is on the
 * console's host, sends the same number of seconds in its responses.
 */
export const transportSecuritySeconds = 31_536_000;

/** The headers of every file of the console, with names in lower case. */
export const consoleHeaders = {
  'content-security-policy': Object.entries(contentSecurityPolicy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; '),
  'strict-transport-security': `max-age=${transportSecuritySeconds}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': Object.entries(permissionsPolicy)
    .map(([feature, origins]) => `${feature}=${origins}`)
    .join(', '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const satisfies Readonly<Record<string, string>>;

/**
 * The values of the header `Cache-Control`, which says how long browsers may cache a file. The name of each file under
 * `/assets/` contains a hash of the file's content, so browsers may cache these files for a year: a changed file has a
 * new name.
 */
export const consoleCaching = {
  assets: 'public, max-age=31536000, immutable',
  others: 'no-cache',
} as const;

/**
 * Matches the paths of pages. The last part of a page's path has no extension, unlike the last part of a file's path.
 */
export const pagePath = /\/[^./]*$/;
/** The page that is served for every path that `pagePath` matches. */
export const consolePage = '/index.html';
/**
 * Matches the paths of documents for developers. The file of a document is at its path with the extension `.html`. The
 * documents do not belong to the console, so that they can be read without loading it.
 */
export const documentPath = /^\/(reference|problems(\/[a-z0-9-]+)?)$/;
