import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logChange } from '../../functions/domain/change-log.ts';
import { lambdaLog } from '../../functions/aws/lambda-log.ts';

/** Returns the lines that a function's log wrote in Lambda, parsed. */
function writtenBy(write: (log: ReturnType<typeof lambdaLog>) => void): unknown[] {
  // Otherwise, Powertools writes to a console of its own.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const written = (['info', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level).mockReturnValue());
  write(lambdaLog());
  return written.flatMap(({ mock }) => mock.calls.map(([line]) => JSON.parse(String(line)) as unknown));
}

describe('the log of a function in Lambda', () => {
  beforeEach(() => {
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'fido2-server-service-test');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('says null for an item that did not exist before a change, or does not exist after it', () => {
    const change = { actor: { operator: 'alice' }, what: 'license', customerId: 'cus_1' };
    const lines = writtenBy((log) => {
      logChange(log, { ...change, before: null, after: { type: 'free', endsAt: null } });
      logChange(log, { ...change, before: '', after: null });
    });

    expect(lines).toEqual([
      expect.objectContaining({ ...change, before: null, after: { type: 'free', endsAt: null } }),
      expect.objectContaining({ ...change, before: '', after: null }),
    ]);
  });

  it('contains an error with its cause, and leaves out fields that are undefined', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const [line] = writtenBy((log) => {
      log.error('it failed', { error, rp: null, left: undefined });
    });

    expect(line).toEqual({
      level: 'ERROR',
      message: 'it failed',
      timestamp: expect.any(String) as string,
      service: 'fido2-server-service-test',
      sampling_rate: 0,
      rp: null,
      error: expect.objectContaining({
        name: 'Error',
        message: 'outer',
        cause: expect.objectContaining({ message: 'inner' }) as unknown,
      }) as unknown,
    });
  });
});
