import { hostname, userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { writeNewFile } from './operator/new-file.ts';
import { exportCsv, exportStatements } from './operator/export-statements.ts';
import { localTarget, OperatorError, openOperator, stageTarget, type Operator } from './operator/invoke-operator.ts';
import { listCustomers } from './operator/list-customers.ts';
import { unsubscribeCustomer } from './operator/unsubscribe-customer.ts';
import { showCancelled, showSet } from './operator/show-license-change.ts';
import { showCustomer, showCustomers, showEnded, showNewEmail, showProblem } from './operator/show.ts';

interface GlobalOptions {
  readonly json?: true;
  readonly stage?: string;
}
interface LicenseOptions {
  readonly type: 'free' | 'starter' | 'business' | 'enterprise';
  readonly starts?: string;
  readonly ends?: string;
  readonly maxMau?: number;
  readonly maxRps?: number;
  readonly maxUsers?: number;
}

interface UnsubscribeOptions {
  readonly confirm: string;
  readonly statementsTo: string;
}
interface ExportOptions {
  readonly month: string;
  readonly output?: string;
}

const CUSTOMER = 'ID of the customer, as "customer list" shows it';

/** `npm run operator`: the operator's command line. */
const program = new Command('operator')
  .description('What the operator of the service does with its customers: here, with "npm start" running, or in AWS.')
  .option('--stage <name>', 'in AWS, the stage of this name (default: the service at PORT of this machine)')
  .option('--json', 'print JSON, also of what went wrong')
  .showHelpAfterError('(--help behind the command says more.)')
  .helpOption('--help', 'show this help')
  .helpCommand(false)
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Without --stage, the service is meant that "npm start" runs at PORT (3000) of
this machine. With it, the function fido2-server-service-<stage>-operator is
invoked, by the AWS credentials and region in use (AWS_PROFILE, AWS_REGION).
Times are ISO 8601 with an offset, such as 2026-12-01T00:00:00Z, and shown in UTC.
The exit code is 1 when something went wrong.

  npm run operator -- customer list
  npm run operator -- statements export --month 2026-11 --output 2026-11.csv
  npm run operator -- license set cus_2b0k… --type business \\
    --ends 2027-12-01T00:00:00Z --max-mau 20000
  npm run --silent operator -- customer list --stage production --json | jq`,
  );

const customer = program
  .command('customer')
  .description('look at customers; replace a lost address; end a customer')
  .helpCommand(false);
customer
  .command('list')
  .description('list all customers, in the order in which they signed up')
  .action(() => run(listCustomers, showCustomers));
customer
  .command('show')
  .description(
    'show one customer: its licenses, those that start later and those of before too; RPs; MAU of the last twelve months; how far its discarding is',
  )
  .argument('<customer>', CUSTOMER)
  .action((customerId: string) =>
    run((operator) => operator.run({ command: 'show-customer', customerId }), showCustomer),
  );
customer
  .command('set-representative-email')
  .description("replace a representative's lost address; make sure first whose the new one is")
  .argument('<customer>', CUSTOMER)
  .argument('<email>', 'the new address: it gets a sign-in link, the old one is told; sessions end and passkeys go')
  .action((customerId: string, email: string) =>
    run((operator) => operator.run({ command: 'set-representative-email', customerId, email }), showNewEmail),
  );

customer
  .command('unsubscribe')
  .description("end a customer's use of the service, whatever its license, and discard everything of it, for good")
  .argument('<customer>', CUSTOMER)
  .requiredOption('--confirm <name>', "the customer's name, exactly")
  .requiredOption(
    '--statements-to <file>',
    'the new CSV file that all of its statements are written to first; one that is there already is refused',
  )
  .action((customerId: string, { confirm, statementsTo }: UnsubscribeOptions) =>
    run(
      (operator) =>
        unsubscribeCustomer(operator, { customerId, confirmation: confirm, statementsTo }, (line) => {
          console.error(line);
        }),
      (ended) => showEnded(ended, statementsTo),
    ),
  );

const license = program
  .command('license')
  .description('set licenses; cancel one that was to start later')
  .helpCommand(false);
license
  .command('set')
  .description('set the license of a customer, in force from its start until one that starts later')
  .argument('<customer>', CUSTOMER)
  .addOption(
    new Option('--type <type>', 'the plan')
      .choices(['free', 'starter', 'business', 'enterprise'])
      .makeOptionMandatory(),
  )
  .option('--starts <time>', 'when it starts (default: now)')
  .option('--ends <time>', 'when it ends; a paid license needs it, Free has none')
  .option('--max-mau <number>', "another maximum MAU than the plan's, for a paid license", toCount)
  .option('--max-rps <number>', "another maximum of RPs than the plan's", toCount)
  .option('--max-users <number>', "another maximum of users than the plan's, for Free", toCount)
  .addHelpText(
    'after',
    `
A license with the same start is replaced: that is how a mistake is corrected.
Those that start later stay, also when Free is set: they begin at their time unless
"license cancel" removes them. Free ends a paid license at once: a month is billed by
the license in force at its end. What was set comes first in the answer, with what it
takes the place of or ends, which month is still billed, and what still starts later
("set" in the JSON); then all of the customer, as "customer show" has it.

  npm run operator -- license set cus_2b0k… --type business \\
    --starts 2026-12-01T00:00:00Z --ends 2027-12-01T00:00:00Z --max-mau 20000
  npm run operator -- license set cus_2b0k… --type free`,
  )
  .action((customerId: string, options: LicenseOptions) =>
    run(
      (operator) =>
        operator.run({
          command: 'set-license',
          customerId,
          type: options.type,
          startsAt: options.starts,
          endsAt: options.ends,
          maxMau: options.maxMau,
          maxRegisteredRps: options.maxRps,
          maxRegisteredUsers: options.maxUsers,
        }),
      (customer) => `${showSet(customer)}\n\n${showCustomer(customer)}`,
    ),
  );

license
  .command('cancel')
  .description('cancel a license that was to start later, so that it never does; the one before it stays in force')
  .argument('<customer>', CUSTOMER)
  .requiredOption('--starts <time>', 'when it was to start, exactly: "customer show" says it')
  .addHelpText(
    'after',
    `
A license that has begun is not cancelled: "license set" sets another one over it.
One that is cancelled stays in the list of those that were set, and counts nowhere.
What was cancelled comes first in the answer, with what goes on instead ("cancelled" in
the JSON); then all of the customer, as "customer show" has it.

  npm run operator -- license cancel cus_2b0k… --starts 2027-12-01T00:00:00Z`,
  )
  .action((customerId: string, { starts }: { readonly starts: string }) =>
    run(
      (operator) => operator.run({ command: 'cancel-license', customerId, startsAt: starts }),
      (customer) => `${showCancelled(customer)}\n\n${showCustomer(customer)}`,
    ),
  );

program
  .command('statements')
  .description('statements of closed months')
  .helpCommand(false)
  .command('export')
  .description("print a closed month's statements of all customers as CSV, with a total and what is missing")
  .requiredOption('--month <month>', 'such as 2026-11; it is closed from the 4th of the next one on')
  .option('--output <file>', 'write it to this new file; one that is there already is refused (default: print it)')
  .action(({ month, output }: ExportOptions) =>
    run(
      async (operator) => {
        const exported = await exportStatements(operator, month);
        for (const note of exported.notes) console.error(note);
        return exported;
      },
      exportCsv,
      output,
    ),
  );

await program.parseAsync();

/** Does one thing as the operator and prints what came of it, or writes it to a new file; ends with exit code 1 when that is a problem. */
async function run<Result>(
  command: (operator: Operator) => Promise<Result>,
  show: (result: Result) => string,
  output?: string,
) {
  const { json, stage } = program.opts<GlobalOptions>();
  const operator = openOperator(stage === undefined ? localTarget(readPort()) : stageTarget(stage), personHere());
  async function textOf(): Promise<string> {
    const result = await command(operator);
    const shown = json ? JSON.stringify(result, null, 2) : show(result);
    return shown.endsWith('\n') ? shown : `${shown}\n`;
  }
  try {
    if (output === undefined) process.stdout.write(await textOf());
    else await writeNewFile('--output', output, textOf);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.error(json ? JSON.stringify(error.problem, null, 2) : showProblem(error.problem));
    process.exitCode = 1;
  } finally {
    operator.close();
  }
}

function readPort(): number {
  const { PORT = '3000' } = process.env;
  if (!/^\d{1,5}$/.test(PORT)) program.error(`error: PORT is "${PORT}". Set the port of the service, such as 3000.`);
  return Number(PORT);
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

/**
 * Gives who the person at the command line says to be, for the service's log. Nothing trusts it: who may invoke the
 * function is decided by IAM, and CloudTrail records the principal that did, where it records Lambda's data events.
 */
function personHere(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `unknown@${hostname()}`; // a container's user may have no name
  }
}
