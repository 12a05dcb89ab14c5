import { expect, it } from 'vitest';
import { startTestService } from '../support/service.ts';

it('closes no idle connection, because a client in the same process may just send a request on it', async () => {
  const service = await startTestService();
  for (const path of ['/_local/mail', '/v1/plans']) {
    // With a time limit, Node names it in this header.
    expect((await service.send(`GET ${path}`)).headers.get('keep-alive')).toBeNull();
  }
  await service.stop();
});
