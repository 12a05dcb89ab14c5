import { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository, WebAuthnEmulator } from 'nid-webauthn-emulator';

/** An answer of the shop. */
export interface ShopAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly code?: string;
    readonly message?: string;
    readonly signals?: Readonly<Record<string, { readonly credentialId?: string }>>;
    readonly account?: {
      readonly name: string;
      readonly advice: string | null;
      readonly passkeys: readonly { readonly id: string; readonly isCurrent: boolean }[];
    } | null;
    readonly options?: never;
    readonly secondsLeft?: number;
  };
}
export type ShopBrowser = ReturnType<typeof openShop>;

/** Returns a browser at the page of the shop: its cookie, and an emulated authenticator. */
export function openShop(url: string) {
  let cookie: string | undefined;
  const origin = new URL(url).origin;
  const device = new WebAuthnEmulator(
    new AuthenticatorEmulator({
      algorithmIdentifiers: ['ES256'],
      credentialsRepository: new PasskeysCredentialsMemoryRepository(),
    }),
  );

  async function send(request: string, body?: object, headers: Record<string, string> = {}): Promise<ShopAnswer> {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...(method === 'POST' && { origin, 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0];
    return { status: response.status, headers: response.headers, body: (await response.json()) as ShopAnswer['body'] };
  }
  /** Begins a ceremony, and returns the response of the authenticator. */
  async function respond(path: string, kind: 'create' | 'get', body?: object): Promise<unknown> {
    const begun = await send(`POST ${path}/begin`, body);
    if (begun.status !== 200) throw new Error(`POST ${path}/begin answered ${JSON.stringify(begun.body)}`);
    const { options } = begun.body;
    return kind === 'create' ? device.createJSON(origin, options as never) : device.getJSON(origin, options as never);
  }
  const end = (path: string, response: unknown) => send(`POST ${path}/end`, { response });

  return {
    device,
    send,
    respond,
    end,
    cookie: () => cookie,
    /** Lets the browser forget the shop's cookie, or sets another one. */
    setCookie: (value?: string) => (cookie = value),
    signUp: async (name = 'Alice Arai') => end('/api/sign-up', await respond('/api/sign-up', 'create', { name })),
    signIn: async () => end('/api/sign-in', await respond('/api/sign-in', 'get')),
    confirm: async () => end('/api/confirmation', await respond('/api/confirmation', 'get')),
    addPasskey: async () => end('/api/passkeys', await respond('/api/passkeys', 'create')),
    removePasskey: (id: string) => send('POST /api/passkeys/remove', { id }),
    account: () => send('GET /api/account'),
  };
}
