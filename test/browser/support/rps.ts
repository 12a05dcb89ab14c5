import type { SentItem } from '../../support/fido2/moving.ts';
import type { NpmStarted } from './npm-start.ts';
import type { Person } from './people.ts';

/** An RP of a customer, and the actions of the RP's server. */
export interface RpWithServer {
  readonly id: string;
  readonly rpId: string;
  /** Registers users, reports an authentication of each user, and waits until the users are counted. */
  readonly authenticate: (userIds: readonly string[]) => Promise<void>;
  /** Imports users and credentials, at most 25, as an RP does that moves to the service. */
  readonly importUsers: (items: readonly SentItem[]) => Promise<void>;
}

/** Returns `count` user IDs. */
export const userIds = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

/** Registers an RP with an administrator's session, creates an API key for the RP's server, and returns the RP. */
export async function newRp(service: NpmStarted, { call }: Person, rpId: string, name: string): Promise<RpWithServer> {
  const rp = (await created(call('POST /v1/rps', { rpId, name }))) as { id: string };
  const { apiKey } = (await created(call(`POST /v1/rps/${rp.id}/api-keys`, { name: 'Production' }))) as {
    apiKey: string;
  };
  const send = async (path: string, body: object) => {
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status} ${await response.text()}`);
  };
  return {
    id: rp.id,
    rpId,
    async authenticate(ids) {
      await send('/v1/rp/users', { users: ids.map((userId) => ({ userId })) });
      await send('/v1/rp/operations', { operations: ids.map((userId) => ({ userId, type: 'authentication' })) });
      await service.drain();
    },
    importUsers: (items) => send('/v1/rp/credentials/import', { items }),
  };
}

async function created(answer: ReturnType<Person['call']>): Promise<unknown> {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(`Answered ${status} ${JSON.stringify(body)}`);
  return body;
}
