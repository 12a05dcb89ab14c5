/**
 * Returns the name of the table into which a backup of a service is restored. The name ends with the time of the
 * backup, such as `20261130t010000z`.
 */
export const restoredTableName = (serviceName: string, at: Date): string =>
  `${restoredPrefix(serviceName)}${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}z`;

/**
 * Returns whether a table has a name of `restoredTableName`. The whole name counts: a stage may be named
 * `prod-restored-x`, and the names of its tables begin like those of the restored tables of the stage `prod`.
 */
export const isRestoredTable = (serviceName: string, table: string): boolean =>
  table.startsWith(restoredPrefix(serviceName)) &&
  /^\d{8}t\d{6}z$/.test(table.slice(restoredPrefix(serviceName).length));

const restoredPrefix = (serviceName: string) => `${serviceName}-restored-`;
