import type { AuditKind } from '../../contract/values/audit-kinds.ts';
import { putAuditEntry, type AuditEntry } from '../../table/audit.ts';
import { actorOf } from '../callers.ts';
import { logChange, type Author, type Change, type Made } from '../change-log.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { DAY, toTtl } from '../time.ts';
import { cut, smallForms } from './small-form.ts';

/** How long the service keeps and shows an audit entry, in milliseconds: 13 months, which have at most 397 days. */
export const AUDIT_KEPT = 397 * DAY;

export type AuditServices = Pick<Services, 'clock' | 'log' | 'requestedFrom'>;

/**
 * Returns a change of a customer that is about to be made: the write that stores its audit entry, and the function that
 * logs it. The entry and the log line have the same author, old and new values. The calling function adds the write to
 * the transaction that makes the change, so there is no change without its entry and no entry without its change.
 */
export function newChange(services: AuditServices, author: Author, customerId: string, made: Made): Change {
  const { kind, before, after } = made;
  const entry = newAuditEntry(services, author, customerId, made);
  return {
    write: putAuditEntry(entry, ttlOf(entry)),
    log: () => {
      logChange(services.log, { actor: actorOf(author), what: whatOf(kind), customerId, before, after });
    },
  };
}

/** Returns the name of the thing that a kind of change changes, such as `api-key`. */
const whatOf = (kind: AuditKind): string => kind.slice(0, kind.lastIndexOf('-'));

/** Returns the time after which DynamoDB may delete an entry, in epoch seconds. */
export const ttlOf = ({ at }: AuditEntry): number => toTtl(at + AUDIT_KEPT);

/** The maximum sizes of the texts of an entry, in bytes. */
const MAX_NAME = 80;
const MAX_SUBJECT_ID = 128;
const MAX_USER_AGENT = 100;
/** The maximum size of the attributes of an entry, in bytes, without those that DynamoDB and the key add. */
const MAX_ENTRY = 880;

/** Returns the audit entry of a change that is made now. */
export function newAuditEntry(
  { clock, requestedFrom }: AuditServices,
  author: Author,
  customerId: string,
  { kind, subject, rpRef, before, after }: Made,
): AuditEntry {
  const entry = {
    customerId,
    id: newId('aud'),
    at: clock.now(),
    kind,
    ...authorOf(author),
    ipAddress: requestedFrom?.ipAddress,
    userAgent: requestedFrom?.userAgent && cut(shortUserAgent(requestedFrom.userAgent), MAX_USER_AGENT),
    subjectId: subject && cut(subject.id, MAX_SUBJECT_ID),
    subjectName: subject?.name === undefined ? undefined : cut(subject.name, MAX_NAME),
    rpRef,
  };
  const left = MAX_ENTRY - Buffer.byteLength(JSON.stringify(entry));
  return { ...entry, ...smallForms(before, after, Math.floor(left / 2)) };
}

function authorOf(author: Author): Pick<AuditEntry, 'by' | 'byId' | 'byName'> {
  if ('administrator' in author) {
    const { administratorId, name } = author.administrator;
    return { by: 'administrator', byId: administratorId, byName: cut(name, MAX_NAME) };
  }
  return 'operator' in author
    ? { by: 'operator', byName: cut(author.operator, MAX_NAME) }
    : { by: 'service', byName: author.service };
}

/**
 * Returns a header `User-Agent` without the parts that all browsers send, so that the names of the browser and of its
 * system fit into an entry.
 */
const shortUserAgent = (header: string): string =>
  header.replaceAll(/[^ -~]/g, '?').replaceAll(/Mozilla\/5\.0 | AppleWebKit\/[\d.]+| \(KHTML, like Gecko\)/g, '');
