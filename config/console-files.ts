/**
 * How the console's files are served, in AWS by CloudFront and on one machine by the local service: data only, the one
 * list that both read.
 */

const contentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // Mantine and the scroll lock of its dialogs put style elements in: the theme's variables, a component's values for each
  // width. A nonce needs another page for each visitor, which S3 has not, and one that is always the same protects nothing;
  // hashes would change with each value. What markup that was smuggled in would use, the attribute, is not allowed: React
  // and Mantine set styles by the DOM, which is no attribute to the policy.
  'style-src': ["'self'", "'unsafe-inline'"],
  'style-src-attr': ["'none'"],
  'img-src': ["'self'"],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  // Not require-trusted-types-for: tried in Chromium, it stops Mantine at its first style element, which React fills by
  // innerHTML.
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

/** The headers of every file of the console, names in lower case. */
export const consoleHeaders = {
  'content-security-policy': Object.entries(contentSecurityPolicy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; '),
  // As the API's, on the same host.
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': Object.entries(permissionsPolicy)
    .map(([feature, origins]) => `${feature}=${origins}`)
    .join(', '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const satisfies Readonly<Record<string, string>>;

/** How long browsers keep a file: those under `/assets/` have a hash of their content in their names. */
export const consoleCaching = {
  assets: 'public, max-age=31536000, immutable',
  others: 'no-cache',
} as const;

/** The paths that are pages: the last part has no extension, as that of a file has. */
export const pagePath = /\/[^./]*$/;
/** The page that is served for all of them. */
export const consolePage = '/index.html';
