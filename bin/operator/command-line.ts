import { hostname, userInfo } from 'node:os';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { csvFile } from '../../functions/domain/csv.ts';
import { writeNewFile } from './new-file.ts';
import { exportCsv, exportStatements } from './export-statements.ts';
import { localTarget, OperatorError, openOperator, stageTarget, type Operator } from './invoke-operator.ts';
import { pairs } from './layout.ts';
import { listAuditEntries } from './list-audit-entries.ts';
import { listCustomers } from './list-customers.ts';
import { listFailedMails } from './list-failed-mails.ts';
import { operatorPolicy } from './policy.ts';
import { readOverview } from './read-overview.ts';
import { orders, selectCustomers, type Selection } from './select-customers.ts';
import { showAuditEntries } from './show-audit-entries.ts';
import { showCustomers } from './show-customers.ts';
import { showFailedMails } from './show-failed-mails.ts';
import { showCancelled, showSet } from './show-license-change.ts';
import { showLinked, showOperators, showRemoved } from './show-operators.ts';
import { showOverview } from './show-overview.ts';
import { showCustomer, showEnded, showNewEmail, showProblem } from './show.ts';
import { STATES } from './states.ts';
import { unsubscribeCustomer } from './unsubscribe-customer.ts';

/** The parts of `process` that the command line uses. */
export interface Surroundings {
  /** `PORT`. With `--stage`, the AWS SDK reads its own variables from `process`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface GlobalOptions {
  readonly json?: true;
  readonly stage?: string;
}
interface LicenseOptions {
  readonly type: 'free' | 'starter' | 'business' | 'enterprise';
  readonly starts?: string;
  readonly ends?: string;
  readonly maxMau?: number;
  readonly maxRegisteredRps?: number;
  readonly maxRegisteredUsers?: number;
  readonly dryRun?: true;
  readonly notify?: true;
}

interface UnsubscribeOptions {
  readonly confirm: string;
  readonly statementsTo: string;
}
interface ExportOptions {
  readonly month: string;
  readonly output?: string;
}

const CUSTOMER = 'ID of the customer, which "customer list" shows';

/**
 * Runs one command of the operator's command line. Prints results to `stdout`, and errors and progress to `stderr`.
 * Returns the exit code: 0, or 1 after an error.
 */
export async function runCommandLine(args: readonly string[], { env, stdout, stderr }: Surroundings): Promise<number> {
  let exitCode = 0;
  function printLine(line: string) {
    stderr.write(`${line}\n`);
  }
  const program = new Command('operator')
    .description('Manages the customers of the service: on this machine, with "npm start" running, or in AWS.')
    .option(
      '--stage <name>',
      'send commands to the stage of this name in AWS (default: to the service on this machine)',
    )
    .option('--json', 'print results and errors as JSON')
    .showHelpAfterError('(For more, add --help to the command.)')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride()
    .addHelpText(
      'after',
      `
Without --stage, commands go to the service that "npm start" runs on this machine,
at the port of the environment variable PORT (default: 3000). With --stage, they invoke
the function fido2-server-service-<stage>-operator, with the current AWS credentials and
region (AWS_PROFILE, AWS_REGION).
Write times in ISO 8601 with an offset, such as 2026-12-01T00:00:00Z. Output is in UTC.
The exit code is 1 after an error.

  npm run operator -- overview
  npm run operator -- customer list --over-maximum --sort fee
  npm run operator -- statements export --month 2026-11 --output 2026-11.csv
  npm run operator -- license set cus_2b0k… --type business \\
    --ends 2027-12-01T00:00:00Z --max-mau 20000
  npm run --silent operator -- customer list --stage production --json | jq`,
    );

  const customer = program
    .command('customer')
    .description("list and show customers; replace a representative's lost address; unsubscribe a customer")
    .helpCommand(false);
  customer
    .command('list')
    .description('list customers with their MAU of this month, maximum, fee so far and end of the license')
    .option(
      '--search <text>',
      "only customers with this text in the name, the ID or the representative's e-mail; ignores case and width",
      toText,
    )
    .option('--over-maximum', 'only customers whose MAU of this month exceeds the maximum of the license')
    .option('--expiring <days>', 'only customers whose license expires within this time, such as 30d', toDays)
    .addOption(new Option('--sort <field>', 'the order').choices(Object.keys(orders)).default('signed-up'))
    .addHelpText(
      'after',
      `
All filters must match. A license that another license follows at once does not expire.
The largest MAU and fee come first, and the earliest end. ENDS is the day in UTC.
STATE is one of these words, which all commands use:

${pairs(Object.fromEntries(Object.entries(STATES).map(([state, meaning]) => [`  ${state}`, meaning])))}
    discarded    only "customer show": the record of a customer whose data is discarded

  npm run operator -- customer list --over-maximum --sort fee
  npm run operator -- customer list --search example --expiring 30d`,
    )
    .action((options: Selection) =>
      run(
        async (operator) => selectCustomers(await listCustomers(operator), options),
        (customers) =>
          showCustomers(
            customers,
            Object.keys(options).some((name) => name !== 'sort'),
          ),
      ),
    );
  customer
    .command('show')
    .description(
      'show a customer: current, upcoming and earlier licenses; RPs; MAU of the last twelve months; progress of discarding',
    )
    .argument('<customer>', CUSTOMER)
    .action((customerId: string) =>
      run((operator) => operator.run({ command: 'show-customer', customerId }), showCustomer),
    );
  customer
    .command('set-representative-email')
    .description("replace a representative's lost address; first verify who owns the new address")
    .argument('<customer>', CUSTOMER)
    .argument(
      '<email>',
      "the new address, which gets a sign-in link; the old address gets a notice; the representative's sessions end and passkeys are deleted",
    )
    .action((customerId: string, email: string) =>
      run((operator) => operator.run({ command: 'set-representative-email', customerId, email }), showNewEmail),
    );

  customer
    .command('unsubscribe')
    .description('unsubscribe a customer with any license, and discard all of its data permanently')
    .argument('<customer>', CUSTOMER)
    .requiredOption('--confirm <name>', "the customer's name, exactly as the list shows it")
    .requiredOption(
      '--statements-to <file>',
      'the CSV file to create with all statements of the customer, before anything is deleted; the file must not exist',
    )
    .action((customerId: string, { confirm, statementsTo }: UnsubscribeOptions) =>
      run(
        (operator) => unsubscribeCustomer(operator, { customerId, confirmation: confirm, statementsTo }, printLine),
        (ended) => showEnded(ended, statementsTo),
      ),
    );

  const license = program.command('license').description('set licenses; cancel an upcoming license').helpCommand(false);
  license
    .command('set')
    .description('set a license of a customer; the license is in force from its start until the next license starts')
    .argument('<customer>', CUSTOMER)
    .addOption(
      new Option('--type <type>', 'the plan')
        .choices(['free', 'starter', 'business', 'enterprise'])
        .makeOptionMandatory(),
    )
    .option('--starts <time>', 'when the license starts (default: now)')
    .option('--ends <time>', 'when the license ends; required for a paid license, not allowed for Free')
    .option('--max-mau <number>', "maximum MAU instead of the plan's, for a paid license", toCount)
    .option('--max-registered-rps <number>', "maximum number of RPs instead of the plan's", toCount)
    .option('--max-registered-users <number>', "maximum number of users instead of the plan's, for Free", toCount)
    .option('--dry-run', 'print what the command would change, and change nothing')
    .option('--notify', 'tell the representative, and other administrators who chose so, by e-mail')
    .addHelpText(
      'after',
      `
To correct a mistake, set a license with the same start: it replaces the wrong license.
Upcoming licenses stay, even if you set Free; "license cancel" cancels an upcoming license.
Free ends a paid license at once. A month is billed by the license in force at its end.
If a paid license ends and no other license starts, nothing new can be registered, and each
month is still billed by the license that ended.
The output first shows the new license, the licenses that it replaces or ends, the last
month that is still billed, the license in force before and after, the bill of each month
that is not closed and the upcoming licenses ("set" in the JSON). Then the output shows the
customer as "customer show" does. With --dry-run, the output shows only the first part, and
the JSON shows the customer without the change.

  npm run operator -- license set cus_2b0k… --type business \\
    --starts 2026-12-01T00:00:00Z --ends 2027-12-01T00:00:00Z --max-mau 20000
  npm run operator -- license set cus_2b0k… --type free --max-registered-users 500`,
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
            maxRegisteredRps: options.maxRegisteredRps,
            maxRegisteredUsers: options.maxRegisteredUsers,
            dryRun: options.dryRun,
            notify: options.notify,
          }),
        (customer) => (customer.dryRun ? showSet(customer) : `${showSet(customer)}\n\n${showCustomer(customer)}`),
      ),
    );

  license
    .command('cancel')
    .description('cancel an upcoming license; the license before it stays in force')
    .argument('<customer>', CUSTOMER)
    .requiredOption('--starts <time>', 'exact start of the license, which "customer show" shows')
    .addHelpText(
      'after',
      `
You cannot cancel a license that has started: replace it with "license set".
A cancelled license stays in the list of licenses but has no effect.
The output first shows the cancelled license, the license that stays in force and the bill
of each month that is not closed ("cancelled" in the JSON). Then the output shows the customer as "customer show" does.

  npm run operator -- license cancel cus_2b0k… --starts 2027-12-01T00:00:00Z`,
    )
    .action((customerId: string, { starts }: { readonly starts: string }) =>
      run(
        (operator) => operator.run({ command: 'cancel-license', customerId, startsAt: starts }),
        (customer) => `${showCancelled(customer)}\n\n${showCustomer(customer)}`,
      ),
    );

  program
    .command('overview')
    .description(
      'show the fees of this month and of the last month, the customers by state and plan, and what needs attention',
    )
    .action(() => run(readOverview, showOverview));

  program
    .command('activity')
    .description(
      'show what was changed in a customer, by whom, when and from where: the latest 100 entries, or a month',
    )
    .argument('<customer>', CUSTOMER)
    .option('--month <month>', 'all entries of this month, such as 2026-11')
    .action((customerId: string, { month }: { readonly month?: string }) =>
      run((operator) => listAuditEntries(operator, customerId, month), showAuditEntries),
    );

  program
    .command('mail')
    .description('e-mails that did not arrive')
    .helpCommand(false)
    .command('failed')
    .description('list MAU alerts that failed or bounced, and addresses to which SES delivers no further e-mails')
    .action(() => run(listFailedMails, showFailedMails));

  program
    .command('statements')
    .description('statements of closed months')
    .helpCommand(false)
    .command('export')
    .description(
      "print a closed month's statements of all customers as CSV, with totals and the customers without a statement",
    )
    .requiredOption('--month <month>', 'the month, such as 2026-11; a month closes on the 4th of the next month')
    .option('--output <file>', 'the file to create with the CSV; the file must not exist (default: print the CSV)')
    .action(({ month, output }: ExportOptions) =>
      run(
        async (operator) => {
          const exported = await exportStatements(operator, month);
          exported.notes.forEach(printLine);
          return exported;
        },
        (exported) => (output === undefined ? exportCsv(exported) : csvFile(exportCsv(exported))),
        output,
      ),
    );

  const operators = program
    .command('operators')
    .description("the people who may sign in to the operators' pages of the console")
    .helpCommand(false);
  operators
    .command('list')
    .description('list the operators, with their last sign-in')
    .action(() => run((operator) => operator.run({ command: 'list-operators' }), showOperators));
  operators
    .command('add')
    .description('add a person, and print a link with which the person registers a passkey within an hour')
    .argument('<email>', "the person's e-mail address, which the service sends nothing to")
    .requiredOption('--name <name>', "the person's name")
    .action((email: string, { name }: { readonly name: string }) =>
      run((operator) => operator.run({ command: 'add-operator', email, name }), showLinked),
    );
  operators
    .command('link')
    .description("print a new link for a lost passkey; the operator's passkey, sessions and earlier link end at once")
    .argument('<email>', "the operator's e-mail address")
    .action((email: string) => run((operator) => operator.run({ command: 'link-operator', email }), showLinked));
  operators
    .command('remove')
    .description("remove an operator; the operator's sessions end at once")
    .argument('<email>', "the operator's e-mail address")
    .action((email: string) => run((operator) => operator.run({ command: 'remove-operator', email }), showRemoved));

  program
    .command('policy')
    .description('print the IAM policy that allows all commands in the stage of --stage (default: in every stage)')
    .action(() => {
      stdout.write(`${JSON.stringify(operatorPolicy(program.opts<GlobalOptions>().stage), null, 2)}\n`);
    });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander throws this error after it has printed the help or a usage error.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode;
  }
  return exitCode;

  /**
   * Runs a command as the operator, and prints the result or writes the result to a new file. Sets exit code 1 after an
   * error.
   */
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
      if (output === undefined) stdout.write(await textOf());
      else await writeNewFile('--output', output, textOf, printLine);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      printLine(json ? JSON.stringify(error.problem, null, 2) : showProblem(error.problem));
      exitCode = 1;
    } finally {
      operator.close();
    }
  }

  function readPort(): number {
    const { PORT = '3000' } = env;
    if (!/^\d{1,5}$/.test(PORT)) program.error(`error: PORT is "${PORT}". Set the port of the service, such as 3000.`);
    return Number(PORT);
  }
}

function toText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

function toDays(text: string): number {
  if (!/^[1-9]\d{0,3}d$/.test(text)) throw new InvalidArgumentError('It must be a number of days, such as 30d.');
  return Number(text.slice(0, -1));
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

/**
 * Returns the user name of the person who runs the command, and the host name of this machine, for the service's log.
 * Nothing trusts these names: IAM decides who may invoke the operator's Lambda function. If CloudTrail records Lambda's
 * data events, these events contain the IAM principal of each invocation.
 */
function personHere(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `unknown@${hostname()}`; // a user in a container may have no user name
  }
}
