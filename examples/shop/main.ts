import { createFido2Client } from 'fido2-server-service-sdk';
import { startShop } from './server/start-shop.ts';

/** Runs the shop alone: `npm start`, with the environment variables that README.md lists. */
const { FIDO2_BASE_URL: baseUrl, FIDO2_API_KEY: apiKey, FIDO2_RP_ID: rpId = 'localhost' } = process.env;
const port = Number(process.env['SHOP_PORT'] ?? 3001);
const origin = process.env['SHOP_ORIGIN'] ?? `http://localhost:${port}`;
if (baseUrl === undefined || apiKey === undefined) {
  console.error('Set FIDO2_BASE_URL to the URL of the FIDO2 server, and FIDO2_API_KEY to an API key of your RP.');
  process.exit(1);
}

const fido2 = createFido2Client({ baseUrl, apiKey, rpId });
const shop = await startShop({ fido2, rpId, port, origin });
console.log(`The shop runs at ${shop.url}/`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void shop.stop();
  });
}
