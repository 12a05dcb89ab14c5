import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../local/settings.ts';

describe('the settings of npm start', () => {
  it('have defaults for unset and empty variables', () => {
    expect(readSettings({ PORT: '', HOME: '/home/alice' })).toEqual({
      PORT: 3_000,
      DATA_DIR: resolve('.local'),
      DEMO: 'on',
      SERVICE_TIME_ZONE: 'UTC',
      SHOP: 'on',
      SHOP_PORT: 3_001,
      SIGN_UP_LIMITS: 'off',
      UNSUBSCRIBE_GRACE_HOURS: 72,
      VERIFY_DOMAINS: 'off',
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT is "abc". Set a port from 1 to 65535, such as PORT=3002.'],
    [{ PORT: '0' }, 'PORT is "0". Set a port'],
    [{ PORT: '65536' }, 'PORT is "65536". Set a port'],
    [{ DEMO: 'no' }, 'DEMO is "no". Set DEMO=off'],
    [{ SHOP: 'no' }, 'SHOP is "no". Set SHOP=off'],
    [{ SHOP_PORT: '0' }, 'SHOP_PORT is "0". Set a port from 1 to 65535, such as SHOP_PORT=3003.'],
    [{ SERVICE_TIME_ZONE: 'Mars/Olympus' }, 'SERVICE_TIME_ZONE is "Mars/Olympus". Set the IANA name'],
    [{ SERVICE_TIME_ZONE: '+09:00' }, 'SERVICE_TIME_ZONE is "+09:00". Set the IANA name'],
    [{ UNSUBSCRIBE_GRACE_HOURS: '721' }, 'UNSUBSCRIBE_GRACE_HOURS is "721". Set a whole number of hours'],
    [{ UNSUBSCRIBE_GRACE_HOURS: '-1' }, 'UNSUBSCRIBE_GRACE_HOURS is "-1". Set a whole number of hours'],
    [{ UNSUBSCRIBE_GRACE_HOURS: 'none' }, 'UNSUBSCRIBE_GRACE_HOURS is "none". Set a whole number of hours'],
    [{ VERIFY_DOMAINS: 'true' }, 'VERIFY_DOMAINS is "true". Set VERIFY_DOMAINS=on'],
    [{ DYNAMODB_ENDPOINT: 'localhost:8000' }, 'DYNAMODB_ENDPOINT is "localhost:8000". Set a URL'],
    [{ PORT: 'abc', DEMO: 'no' }, 'DEMO is "no".'],
  ])('cannot be %j, and the error says what to do', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});
