/**
 * The kinds of audit entries, by topic. A kind is the name of the thing that was changed and the past participle of
 * what was done to it, so the log can name the thing. A kind never changes its name, because the table keeps entries
 * for 13 months. A kind may move to another topic.
 */
const kindsByTopic = {
  'sign-ins': [
    'session-begun',
    'session-ended',
    'sessions-ended',
    'passkey-added',
    'passkey-renamed',
    'passkey-removed',
    'recovery-undone',
  ],
  customer: [
    'customer-activated',
    'customer-edited',
    'customer-unsubscribed',
    'unsubscription-requested',
    'unsubscription-cancelled',
    'representative-changed',
  ],
  alerts: ['mau-alert-set', 'webhook-set', 'webhook-secret-rotated', 'webhook-tested', 'webhook-removed'],
  administrators: [
    'administrator-added',
    'administrator-invited',
    'administrator-activated',
    'administrator-edited',
    'administrator-removed',
    'email-changed',
    'mail-settings-set',
  ],
  rps: ['rp-registered', 'rp-edited', 'rp-verified', 'rp-removed', 'api-key-created', 'api-key-deleted'],
  users: ['user-edited', 'user-removed', 'credential-edited', 'credential-removed'],
  licenses: ['license-set', 'license-cancelled'],
  exports: ['statements-exported', 'mau-exported', 'active-users-exported', 'activity-exported'],
} as const;

export type AuditTopic = keyof typeof kindsByTopic;
export const AUDIT_TOPICS = Object.keys(kindsByTopic) as [AuditTopic, ...AuditTopic[]];
export type AuditKind = (typeof kindsByTopic)[AuditTopic][number];
export const AUDIT_KINDS: readonly AuditKind[] = Object.values(kindsByTopic).flat();

/** Returns the kinds of audit entries that belong to a topic. */
export const kindsAbout = (topic: AuditTopic): readonly string[] => kindsByTopic[topic];
