import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleEnvironment } from '../../bench/bundles.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { putMail } from '../../functions/table/mails.ts';
import { writeBundle } from '../../lib/constructs/bundles.ts';
import { engineEndpoint, openTestTable } from '../support/engine.ts';

/**
 * Runs a bundle's handler as Lambda's runtime does for the log format JSON: the runtime wraps what code writes with the
 * global `console`, but not what code writes to the standard output.
 */
const RUN = `
for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
  console[method] = (...message) => process.stdout.write(JSON.stringify({ wrapped: true, message }) + '\\n');
}
const { handler } = await import(process.argv[1]);
await handler(JSON.parse(process.argv[2]), { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 10_000 });
process.exit();`;

describe('the log lines of a bundle in the log format JSON', () => {
  let lines: Record<string, unknown>[];
  let mailId: string;
  beforeAll(async () => {
    const { table } = await openTestTable();
    const notice = {
      template: 'email-changed',
      to: 'alice@example.com',
      name: 'Alice',
      newEmail: 'bob@example.com',
    } as const;
    const [mail, ttl] = newMail({ ...notice, isRepresentative: false }, Date.now(), 'request-1');
    await putMail(table, mail, ttl);
    ({ mailId } = mail);
    const folder = mkdtempSync(join(tmpdir(), 'log-lines-'));
    const event = { Records: [{ messageId: 'message-1', body: JSON.stringify({ mailId, requestId: 'request-1' }) }] };
    const env = {
      ...bundleEnvironment,
      AWS_LAMBDA_FUNCTION_NAME: 'send-mail',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_ENDPOINT_URL_DYNAMODB: await engineEndpoint(),
      // Nothing listens at this port, so the e-mail fails.
      AWS_ENDPOINT_URL_SES: 'http://127.0.0.1:9',
      TABLE_NAME: table.name,
    };
    const args = ['--input-type=module', '--eval', RUN, writeBundle('send-mail', folder), JSON.stringify(event)];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: '/', env, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    lines = `${stdout}${stderr}`
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  });

  it('are JSON that the runtime does not wrap, so Lambda writes them unchanged', () => {
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => 'wrapped' in line)).toEqual([]);
  });

  it('of a failure have a level and a time that Lambda reads, and the IDs of the e-mail and its request', () => {
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        message: 'an e-mail could not be sent and is tried again',
        mailId,
        requestId: 'request-1',
      }),
    );
  });

  it('of a metric are in the embedded metric format at their top level', () => {
    expect(lines).toContainEqual(
      expect.objectContaining({
        _aws: expect.objectContaining({
          CloudWatchMetrics: [expect.objectContaining({ Metrics: [{ Name: 'FailedMails', Unit: 'Count' }] })],
        }) as object,
        FailedMails: 1,
      }),
    );
  });
});
