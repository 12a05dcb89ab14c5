import * as z from 'zod';
import { toIso } from '../../functions/domain/time.ts';
import { fssHeaders, fssNonce, sendFss, type TestFssKey } from './fss-client.ts';
import type { FssData, FssOutcome } from './fss.ts';
import type { TestService } from './service.ts';

const envelope = z.object({
  appStatus: z.string(),
  message: z.string().optional(),
  appSubStatus: z.object({ errorCode: z.string() }).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Makes a call over HTTP, with a new proof of the key's type. Sends the name and the value of the ceremony's cookie back,
 * as the SDKs do, and nothing else of it.
 */
export async function callFssByHttp(
  service: Pick<TestService, 'send' | 'now'>,
  key: TestFssKey,
  name: string,
  content: unknown,
  cookie?: string,
): Promise<FssOutcome> {
  const body = JSON.stringify(content);
  const salt = key.type === 'nonce-signature' ? await fssNonce(service) : toIso(service.now());
  const headers = fssHeaders(key, { body, salt });
  const answer = await sendFss(service, name, body, { ...headers, ...(cookie !== undefined && { cookie }) });
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status} ${answer.text}`);
  const { appStatus, message, appSubStatus, data = {} } = answer.read(envelope);
  return {
    appStatus,
    ...(message !== undefined && { message }),
    ...(appSubStatus && { errorCode: appSubStatus.errorCode as NonNullable<FssOutcome['errorCode']> }),
    data: data as unknown as FssData,
    cookie: /^[^;]*/.exec(answer.headers.get('set-cookie') ?? '')?.[0],
  };
}
