import { useEffect, useState } from 'react';

const tokenOf = (hash: string) => /^#token=([\w-]+)$/.exec(hash)?.[1];

/**
 * Returns the token that an e-mailed link has after the "#". Removes the token from the address bar, so that the token
 * does not stay in the browser's history. The token is undefined if the page was opened without a link, or after
 * `forget` was called.
 */
export function useLinkToken(): { readonly token: string | undefined; readonly forget: () => void } {
  const [token, setToken] = useState(() => tokenOf(location.hash));
  useEffect(() => {
    const take = () => {
      const found = tokenOf(location.hash);
      if (found === undefined) return;
      setToken(found);
      history.replaceState(history.state, '', location.pathname + location.search);
    };
    take();
    addEventListener('hashchange', take);
    return () => {
      removeEventListener('hashchange', take);
    };
  }, []);
  return {
    token,
    forget: () => {
      setToken(undefined);
    },
  };
}
