import type { Webhook } from '../../table/webhooks/webhooks.ts';

/** Returns the part of a webhook's URL that is no secret. Many services put a secret into the path of such a URL. */
export const originOf = ({ url }: Pick<Webhook, 'url'>): string => new URL(url).origin;
