import type { ApiFunctionName } from './api/routes.ts';
import type { TableRights } from './table/role-statements.ts';

/**
 * The Lambda functions and the IAM rights of their roles, as data. `table` contains a function's rights to the
 * partitions of the table, and `finder` contains the rights to the partitions of the finder, the table's GSI. From this
 * data, the CDK creates the functions' roles and bundles. The local service refuses every table call that the calling
 * function's rights do not allow. Tests compare these rights with the calls that the functions make to the table.
 */

/**
 * Packages that a bundle can omit. `certificate-paths` are the packages with which SimpleWebAuthn verifies that
 * certificates lead to a root, and that no list revokes them. `certificates` are these packages, and the one that reads
 * Android's descriptions of keys.
 */
export type CertificateCode = 'certificate-paths' | 'certificates';

/** The data that the CDK and the local service need about each Lambda function. */
export interface LambdaFunction extends TableRights {
  /**
   * The packages that the function's bundle omits. A function that uses such a package nevertheless throws an error.
   * Functions that ignore the certificates of passkeys omit `certificates`. A function that verifies attestation
   * statements, but whose own code judges the paths of certificates, omits `certificate-paths`.
   * @default - the bundle omits none of them
   */
  readonly omits?: CertificateCode;
}
/** A function that serves routes of the API. */
export interface ApiFunction extends LambdaFunction {
  /** Whether the function sends messages to the discarding queue, to start the deletion of data. @default false */
  readonly discards?: boolean;
  /** Whether the function's responses contain the operator's e-mail address. @default false */
  readonly saysContact?: boolean;
  /** Whether the function needs the length of the grace period that follows an unsubscription. @default false */
  readonly unsubscribes?: boolean;
  /** Whether the function needs to know if the stage verifies the domains of RPs. @default false */
  readonly verifiesDomains?: boolean;
  /** Whether the function seals and opens ceremonies, and may therefore read the stage's secret. @default false */
  readonly sealsCeremonies?: boolean;
  /** Whether the function seals the secrets of webhooks, and may therefore read the stage's secret. @default false */
  readonly sealsWebhooks?: boolean;
}

export const apiFunctions = {
  console: {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      EMAIL: ['GetItem', 'DeleteItem', 'ConditionCheckItem'],
      SESSION: ['GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'],
      CHALLENGE: ['GetItem', 'PutItem', 'DeleteItem'],
      'API-KEY': ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'],
      RP: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      REFUSAL: ['Query'],
      ACTIVE: ['Query'],
      HANDLE: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'DeleteItem'],
      'CREDENTIAL-ID': ['PutItem', 'DeleteItem'],
      MAIL: ['PutItem'],
    },
    finder: ['OWNED'],
    omits: 'certificates',
    discards: true,
    saysContact: true,
    unsubscribes: true,
    verifiesDomains: true,
  },
  webhooks: {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
      SESSION: ['GetItem', 'UpdateItem'],
    },
    sealsWebhooks: true,
  },
  anonymous: {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      EMAIL: ['PutItem', 'DeleteItem'],
      SESSION: ['PutItem'],
      LINK: ['GetItem', 'DeleteItem'],
      CHALLENGE: ['GetItem', 'PutItem', 'DeleteItem'],
      MAIL: ['PutItem'],
      'LINK-LIMIT': ['GetItem', 'PutItem'],
      'SIGN-UP-LIMIT': ['UpdateItem'],
      'TOKEN-KEYS': ['GetItem'],
    },
    saysContact: true,
  },
  users: {
    table: {
      'API-KEY': ['GetItem', 'UpdateItem'],
      CUSTOMER: ['GetItem', 'BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      RP: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      HANDLE: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      'CREDENTIAL-ID': ['BatchGetItem', 'PutItem', 'DeleteItem'],
      METADATA: ['GetItem'],
    },
    verifiesDomains: true,
  },
  ceremonies: {
    table: {
      'API-KEY': ['GetItem', 'UpdateItem'],
      CUSTOMER: ['GetItem', 'BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      RP: ['GetItem', 'PutItem', 'UpdateItem'],
      HANDLE: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      'CREDENTIAL-ID': ['GetItem', 'PutItem'],
      ACTIVE: ['GetItem', 'PutItem'],
      REFUSAL: ['PutItem'],
      METADATA: ['GetItem'],
      'TOKEN-KEYS': ['GetItem', 'PutItem'],
    },
    omits: 'certificate-paths',
    verifiesDomains: true,
    sealsCeremonies: true,
  },
  fss: {
    table: {
      'API-KEY': ['GetItem', 'UpdateItem'],
      'SIGNED-CALL': ['UpdateItem'],
      CUSTOMER: ['GetItem', 'BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      RP: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      HANDLE: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      'CREDENTIAL-ID': ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'],
      ACTIVE: ['GetItem', 'PutItem'],
      REFUSAL: ['PutItem'],
      METADATA: ['GetItem'],
    },
    omits: 'certificate-paths',
    verifiesDomains: true,
    sealsCeremonies: true,
  },
  operator: {
    table: {
      OPERATORS: ['GetItem', 'ConditionCheckItem'],
      OPERATOR: ['GetItem', 'PutItem', 'UpdateItem'],
      'OPERATOR-SESSION': ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      'OPERATOR-LINK': ['GetItem', 'DeleteItem'],
      CHALLENGE: ['GetItem', 'PutItem', 'DeleteItem'],
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query'],
      EMAIL: ['GetItem'],
      'OPERATOR-SUMMARY': ['GetItem', 'Query'],
    },
    omits: 'certificates',
  },
  operations: {
    table: {
      'API-KEY': ['GetItem', 'UpdateItem'],
      CUSTOMER: ['BatchGetItem'],
      RP: ['BatchGetItem'],
      ACTIVE: ['BatchGetItem', 'PutItem'],
    },
  },
} as const satisfies Record<ApiFunctionName, ApiFunction>;

/**
 * The Lambda functions that serve no route of the API. The name of each function is the name of its file in `events/`.
 */
export const eventFunctions = {
  'aggregate-active-users': {
    table: { CUSTOMER: ['BatchGetItem', 'UpdateItem'], CHECKPOINT: ['GetItem', 'PutItem'] },
  },
  'begin-discarding': {
    table: {
      CUSTOMER: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      MAIL: ['PutItem'],
      CURSOR: ['GetItem', 'PutItem', 'DeleteItem'],
    },
    finder: ['CUSTOMERS'],
  },
  'close-months': {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      ACTIVE: ['Query'],
      'CLOSED-MONTHS': ['GetItem', 'PutItem'],
      MAIL: ['PutItem'],
      CURSOR: ['GetItem', 'PutItem', 'DeleteItem'],
    },
    finder: ['CUSTOMERS'],
  },
  'deliver-webhooks': { table: { CUSTOMER: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] } },
  'discard-items': {
    table: {
      CUSTOMER: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
      RP: ['Query', 'DeleteItem', 'BatchWriteItem'],
      'SIGNED-CALL': ['Query', 'BatchWriteItem'],
      REFUSAL: ['Query', 'BatchWriteItem'],
      HANDLE: ['Query', 'BatchGetItem', 'BatchWriteItem'],
      'CREDENTIAL-ID': ['BatchWriteItem'],
      'TOKEN-KEYS': ['Query', 'BatchWriteItem'],
      ACTIVE: ['Query', 'BatchWriteItem'],
      EMAIL: ['GetItem', 'DeleteItem'],
      'LINK-LIMIT': ['DeleteItem'],
      'NOTICE-LIMIT': ['DeleteItem'],
      SESSION: ['BatchWriteItem'],
      LINK: ['BatchWriteItem'],
      'API-KEY': ['BatchWriteItem'],
      MAIL: ['GetItem', 'PutItem', 'DeleteItem', 'BatchWriteItem'],
      'CLOSING-RECORD': ['PutItem'],
      'OPERATOR-SUMMARY': ['GetItem'],
    },
    finder: ['OWNED'],
  },
  'fix-time-zone': { table: { SETTING: ['PutItem'] } },
  'forward-mails': { table: {} },
  'record-mail-event': { table: { EMAIL: ['GetItem'], CUSTOMER: ['UpdateItem'] } },
  'recount-active-users': {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'ConditionCheckItem'],
      ACTIVE: ['Query'],
      CURSOR: ['GetItem', 'PutItem', 'DeleteItem'],
    },
    finder: ['CUSTOMERS'],
  },
  'run-operator-command': {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      RP: ['Query'],
      'SIGNED-CALL': ['Query'],
      REFUSAL: ['Query'],
      HANDLE: ['BatchGetItem'],
      'TOKEN-KEYS': ['Query'],
      ACTIVE: ['Query'],
      EMAIL: ['PutItem', 'DeleteItem'],
      MAIL: ['PutItem'],
      'CLOSING-RECORD': ['GetItem'],
      OPERATORS: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      OPERATOR: ['BatchGetItem', 'DeleteItem'],
      'OPERATOR-LINK': ['PutItem'],
    },
    finder: ['CUSTOMERS', 'OWNED'],
  },
  'send-mail': {
    table: {
      CUSTOMER: ['GetItem', 'Query', 'ConditionCheckItem'],
      EMAIL: ['GetItem', 'PutItem'],
      'LINK-LIMIT': ['GetItem', 'PutItem'],
      'NOTICE-LIMIT': ['GetItem', 'PutItem'],
      LINK: ['PutItem'],
      MAIL: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    },
  },
  'send-mau-alerts': {
    table: {
      CUSTOMER: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      CURSOR: ['GetItem', 'PutItem', 'DeleteItem'],
    },
    finder: ['CUSTOMERS', 'PENDING-ALERTS'],
  },
  'summarize-customers': {
    table: {
      CUSTOMER: ['BatchGetItem', 'Query'],
      OPERATORS: ['Query'],
      'OPERATOR-SUMMARY': ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    },
    finder: ['CUSTOMERS'],
  },
  'update-metadata': { table: { METADATA: ['GetItem', 'PutItem', 'DeleteItem', 'ConditionCheckItem'] } },
  'watch-mappings': { table: {} },
} as const satisfies Record<string, LambdaFunction>;

export type EventFunctionName = keyof typeof eventFunctions;
export type LambdaFunctionName = ApiFunctionName | EventFunctionName;
export const lambdaFunctions: Readonly<Record<LambdaFunctionName, LambdaFunction>> = {
  ...apiFunctions,
  ...eventFunctions,
};
