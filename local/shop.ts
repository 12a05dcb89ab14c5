import type { Log } from '../functions/domain/services.ts';
import { SHOP_RP_ID } from './demo/demo-shop.ts';

export interface ShopOptions {
  /** The base URL of the service. */
  readonly url: string;
  /** The port on which the shop listens, on the loopback interface. */
  readonly port: number;
  /** The API key of the shop's RP. */
  readonly apiKey: string;
  readonly log: Pick<Log, 'warn'>;
}
/** The sample shop, or a sentence that says why it does not run. */
export type LocalShop =
  | { readonly url: string; readonly stop: () => Promise<void>; readonly fault?: undefined }
  | { readonly url?: undefined; readonly stop?: undefined; readonly fault: string };

/**
 * Starts the sample shop in this process. The service does not need the shop, so a port that is in use is no error: the
 * result then says why the shop does not run.
 */
export async function startLocalShop({ url, port, apiKey, log }: ShopOptions): Promise<LocalShop> {
  try {
    // Loads the shop only now, so that the service starts without it too.
    const { createFido2Client } = await import('fido2-server-service-sdk');
    const { startShop } = await import('../examples/shop/server/start-shop.ts');
    const fido2 = createFido2Client({ baseUrl: url, apiKey, rpId: SHOP_RP_ID });
    return await startShop({
      fido2,
      rpId: SHOP_RP_ID,
      port,
      log: (error) => {
        log.warn('the sample shop refused a request', { error });
      },
    });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === 'listen' && code === 'EADDRINUSE') {
      return { fault: `Port ${port} is in use. To choose another port: SHOP_PORT=${port + 1} npm start` };
    }
    if (syscall === 'listen') {
      return { fault: `The shop may not listen on port ${port}. To choose another port: SHOP_PORT=3001 npm start` };
    }
    if (code === 'ERR_MODULE_NOT_FOUND')
      return { fault: 'Its packages are not installed. Run npm ci, and start again.' };
    throw error;
  }
}

/** Says why the shop has no API key: nobody but the customer's representative can create one. */
export const noShopKey = (email: string): LocalShop => ({
  fault: `It has no API key. Only ${email} can create one, so load the demo into a new directory: DATA_DIR=.local-2 npm start`,
});
