import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleHeaders } from '../../config/console-files.ts';
import { npmStart, type NpmStarted } from './support/npm-start.ts';

describe('the service that npmStart starts for browser tests', () => {
  let service: NpmStarted;
  beforeAll(async () => {
    service = await npmStart();
  });
  afterAll(() => service.stop());

  it('serves the built console', async () => {
    const { status, headers } = await fetch(service.url);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toBe(consoleHeaders['content-security-policy']);
  });

  it('returns the newest link that was e-mailed to an address', async () => {
    await service.send('POST /v1/customers', {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email: 'alice@example.com' },
    });
    const first = await service.linkTo('alice@example.com');
    await service.send('POST /v1/sign-in-links', { email: 'alice@example.com' });
    const second = await service.linkTo('alice@example.com');

    expect(first).toMatch(new RegExp(`^${service.url}/sign-in#token=lnk_`));
    expect(second).not.toBe(first);
    expect(await service.mailsTo('alice@example.com')).toHaveLength(2);
    expect(await service.mailsTo('bob@example.com')).toEqual([]);
    await expect(service.linkTo('bob@example.com')).rejects.toThrow(
      'The outbox has no e-mail to bob@example.com with a link',
    );
  });

  it('lets a test set the clock, process the table’s stream, and run scheduled functions and operator commands', async () => {
    const [, token] = (await service.linkTo('alice@example.com')).split('#token=');
    await service.send('POST /v1/sessions', { token });
    expect(await service.setClock('2031-01-15T00:00:00Z')).toMatchObject({
      now: expect.stringMatching(/^2031-01-15/) as string,
    });
    await service.drain();
    expect(await service.fire('recount')).toEqual(expect.anything());
    await expect(service.fire('nothing')).rejects.toThrow('There is no schedule nothing');
    expect(await service.operate({ command: 'list-customers' })).toMatchObject({
      result: { items: [expect.objectContaining({ name: 'Example Corporation' })] },
    });
    expect(await service.resetClock()).not.toMatchObject({ now: expect.stringMatching(/^2031/) as string });
    expect(await service.logged()).toContain('"message":"request"');
  });
});
