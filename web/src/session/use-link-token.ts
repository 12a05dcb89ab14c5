import { useEffect, useState } from 'react';

const tokenOf = (hash: string) => /^#token=([\w-]+)$/.exec(hash)?.[1];

/**
 * Gives the token that an e-mailed link carries behind the "#", and takes it out of the address bar, so that it stays in no
 * history. Undefined when the page was not opened by a link, or the token is forgotten.
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
