/** The key in the browser's local storage, which all tabs share: an e-mailed link opens in a tab of its own. */
const KEY = 'requested-page';
/** How long a sign-in link works, in milliseconds. */
const LINK_LASTS = 15 * 60_000;

interface RequestedPage {
  /** Path, query and anchor. */
  readonly page: string;
  /** The time at which the person requested the sign-in link, in epoch milliseconds. */
  readonly at: number;
}

/**
 * Remembers the page that this tab shows, such as `/#mau` of a link in an e-mail, so that the person gets there after
 * signing in with a link. Forgets a page that was remembered before if this tab shows only the sign-in page.
 */
export function rememberRequestedPage(): void {
  const { pathname, search, hash } = location;
  if (pathname === '/sign-in') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify({ page: pathname + search + hash, at: Date.now() }));
}

/** Forgets the remembered page and returns it. Returns `/` if there is none, or if its link has expired. */
export function takeRequestedPage(): string {
  const stored = localStorage.getItem(KEY);
  localStorage.removeItem(KEY);
  if (stored === null) return '/';
  const { page, at } = JSON.parse(stored) as RequestedPage;
  // A path that begins with two slashes would be the URL of another host.
  return Date.now() - at < LINK_LASTS && !page.startsWith('//') ? page : '/';
}
