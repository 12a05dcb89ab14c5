/**
 * The kinds of notices that each administrator may choose to get: about licenses (set, ending, ended), about the number
 * of registered users of a Free license, and about statements that are ready. The notices about security have no kind,
 * because nobody can switch them off, and the MAU alert follows the setting of the customer.
 */
export const noticeKinds = ['license', 'users', 'statements'] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/** Whether an administrator gets the notices of each kind, for the kinds that have a value. */
export type ChosenNotices = Readonly<Partial<Record<NoticeKind, boolean>>>;

/**
 * Returns whether an administrator gets the notices of a kind. By default, only the representative gets notices, so a
 * new representative gets them without a setting.
 */
export const getsNotices = (
  { notices }: { readonly notices?: ChosenNotices | undefined },
  kind: NoticeKind,
  isRepresentative: boolean,
): boolean => notices?.[kind] ?? isRepresentative;
