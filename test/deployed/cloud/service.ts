import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SNSEvent } from 'aws-lambda';
import { anonymousBucket } from '../../../functions/domain/mail/link-allowances.ts';
import { openTable, type Table } from '../../../functions/table/engine/client.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import { dropLinkLimit } from '../../../functions/table/limits/link-limits.ts';
import { lambdaFunctions, type LambdaFunctionName } from '../../../functions/lambda-functions.ts';
import type { TableUse } from '../../../local/aws/restrict.ts';
import type { Need } from './aws/service.ts';
import { createClock } from '../../../local/clock.ts';
import { createControl } from '../../../local/control.ts';
import { localClientConfig } from '../../../local/open-table.ts';
import type { ServiceOptions } from '../../../local/service.ts';
import { createTurnstile } from '../../../local/turnstile.ts';
import { startCloud, type Cloud, type CloudOptions } from './cloud.ts';
import type { Outcome } from './functions/messages.ts';
import { createHttpApi } from './http-api.ts';
import { openShared, useRelease } from './releases.ts';
import type { StageSettings } from './settings.ts';
import type { Edit } from './templates.ts';

/** The options of the local service that the deployed service has too. It takes no others. */
export type DeployedServiceOptions = StageSettings &
  Pick<ServiceOptions, 'endpoint' | 'log' | 'people' | 'limitsSignUps' | 'onTableUse'> & {
    /** Changes of the templates, for negative controls. @default - the templates as the CDK wrote them */
    readonly edits?: readonly Edit[];
  };

/** The service that the templates deploy, with the URL and the control routes of the local service. */
export interface DeployedService {
  readonly url: string;
  /** The origin of the console, which the templates name. */
  readonly origin: string;
  readonly table: Table;
  readonly cloud: Cloud;
  stop(): Promise<void>;
}

/** The schedules of the local service, by the function that each invokes. */
const scheduled: Readonly<Record<string, string>> = {
  'mau-alerts': 'sendmaualerts',
  recount: 'recountactiveusers',
  'month-close': 'closemonths',
  'begin-discarding': 'begindiscarding',
  'customer-summary': 'summarizecustomers',
  'update-metadata': 'updatemetadata',
};

let networks = 0;
/**
 * Returns an address in another network than the one before. AWS limits the sign-ups from a network, and tests sign up
 * many customers from one machine.
 */
function nextNetwork(): string {
  networks += 1;
  return `10.${Math.floor(networks / 256) % 256}.${networks % 256}.1`;
}

/**
 * Deploys the service from the templates, and starts a server with the API and with the control routes of the local
 * service, on the loopback interface. Throws if the deployment fails.
 */
export async function startDeployedService(options: DeployedServiceOptions): Promise<DeployedService> {
  const { endpoint, log, people, limitsSignUps = false, onTableUse, edits, ...settings } = options;
  const { front, nameServer } = await openShared();
  const { release, done } = await useRelease(stageSettingsIn(settings), edits);
  const clock = createClock();
  const onLog: CloudOptions['onLog'] = ({ level, message, fields }) => {
    log[level](message, fields);
  };
  const onAllowed: CloudOptions['onAllowed'] =
    onTableUse &&
    ((logicalId, need) => {
      const use = tableUseOf(need);
      if (use) onTableUse(nameOf(logicalId), use);
    });
  const cloud = await startCloud(release, { front, engine: endpoint, clock, onLog, onAllowed }).catch(
    async (error: unknown) => {
      await done();
      throw error;
    },
  );
  const { tables, ses, mappings, invocations, rules } = cloud;
  const [main] = tables.filter(({ streamInEngine }) => streamInEngine !== undefined);
  if (!main) throw new Error('The templates have no table with a stream.');
  const table = openTable(main.nameInEngine, localClientConfig(endpoint));
  const functionNamed = (start: string) => {
    const found = release.functions.find(({ logicalId }) => logicalId.startsWith(start));
    if (!found) throw new Error(`The templates have no function ${start}.`);
    return found;
  };
  const mappingsTo = (start: string) =>
    mappings.all.filter(({ functionName }) => functionName === functionNamed(start).name);

  const turnstile = createTurnstile();
  const server = createServer({ keepAliveTimeout: 0 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const gateway = createHttpApi(cloud, clock, (routeKey) =>
    routeKey === 'POST /v1/customers' && !limitsSignUps ? nextNetwork() : '127.0.0.1',
  );
  const origin = functionNamed('console').environment['CONSOLE_URL'] ?? '';
  async function drainMails(): Promise<void> {
    const [forwarder, queues] = [mappingsTo('Mailsforwardmails'), mappingsTo('Mailssendmail')];
    // The first round copies each notice to all privileged administrators. The second round sends the copies.
    for (let round = 1, before = -1; round <= 3; round += 1) {
      await Promise.all(forwarder.map((mapping) => mapping.drain()));
      await Promise.all(queues.map((mapping) => mapping.drain()));
      const delivered = queues.reduce((sum, mapping) => sum + mapping.delivered(), 0);
      if (delivered === before) return;
      before = delivered;
    }
  }
  const control = createControl({
    clock,
    turnstile,
    outbox: ses,
    mailEvents: ({ Records }: SNSEvent) =>
      cloud.publishMailEvent(JSON.parse(Records[0]?.Sns.Message ?? '') as { eventType: string }),
    schedules: Object.fromEntries(
      Object.entries(scheduled).map(([name, start]) => [
        name,
        async () => {
          const rule = rules.find(({ logicalId }) => logicalId.startsWith(start));
          if (!rule) throw new Error(`The templates have no rule for ${name}.`);
          return resultOf(await cloud.fire(rule));
        },
      ]),
    ),
    updateMetadata: () =>
      Promise.reject(new Error('The deployed service downloads its metadata only from METADATA_URL.')),
    operator: async (event) => resultOf(await invocations.invoke(functionNamed('runoperatorcommand'), event)),
    aggregator: {
      drain: async () => {
        await Promise.all(mappingsTo('aggregateactiveusers').map((one) => one.drain()));
      },
    },
    dns: nameServer,
    drainMails,
    url,
    timeZone: functionNamed('console').environment['TIME_ZONE'] ?? '',
    people: () => people?.(table) ?? Promise.resolve([]),
    shop: () => undefined,
    requestLink: async (email) => {
      await transact(table, { limit: dropLinkLimit(anonymousBucket(email).of) });
      await fetch(`${url}/v1/sign-in-links`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
      });
    },
    table,
  });
  server.on('request', (request, response) => {
    const answer = control(request) ?? ((...args) => turnstile.pass(() => gateway(...args)));
    answer(request, response).catch((error: unknown) => {
      log.error('the deployed service failed', { error });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  return {
    url,
    origin,
    table,
    cloud,
    async stop() {
      server.close();
      server.closeAllConnections();
      await cloud.stop();
      table.client.destroy();
      await done();
    },
  };
}

/** Returns the name of the function with a logical ID, which contains the name without its dashes. */
function nameOf(logicalId: string): LambdaFunctionName {
  const names = Object.keys(lambdaFunctions) as LambdaFunctionName[];
  const [longest] = names
    .filter((name) => logicalId.includes(name.replaceAll('-', '')))
    .sort((a, b) => b.length - a.length);
  if (longest === undefined) throw new Error(`The function ${logicalId} has no name.`);
  return longest;
}

/** Returns the use of the main table in a need, or undefined if the need is for something else. */
function tableUseOf({ action, resource, context }: Need): TableUse | undefined {
  const [, name] = /^dynamodb:(\w+)$/.exec(action) ?? [];
  if (name === undefined || !resource.includes(':table/SingleTable')) return undefined;
  return {
    resource: resource.includes('/index/') ? 'finder' : 'table',
    action: name as TableUse['action'],
    keys: [context?.['dynamodb:LeadingKeys'] ?? []].flat(),
  };
}

/** Returns only the settings of the stage, in a fixed order. */
const stageSettingsIn = ({ timeZone, unsubscribeGraceHours, verifiesDomains, edge }: StageSettings): StageSettings => ({
  ...(timeZone !== undefined && { timeZone }),
  ...(unsubscribeGraceHours !== undefined && { unsubscribeGraceHours }),
  ...(verifiesDomains !== undefined && { verifiesDomains }),
  ...(edge && { edge }),
});

/** Returns the result of an invocation. Throws if the function failed. */
function resultOf(outcome: Outcome): unknown {
  if ('error' in outcome) throw new Error(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
  return JSON.parse(outcome.payload) as unknown;
}
