import type { Texts } from '../text/language.tsx';

const en = {
  overview: 'Overview',
  customers: 'Customers',
  failedMails: 'Failed e-mails',
  states: {
    active: 'Active',
    expired: 'License expired',
    'not-started': 'License not started',
    provisional: 'Not activated',
    leaving: 'Leaving',
    discarding: 'Being discarded',
  },
};

const ja: typeof en = {
  overview: '概要',
  customers: 'カスタマー',
  failedMails: '届かなかったメール',
  states: {
    active: '利用中',
    expired: 'ライセンス期限切れ',
    'not-started': 'ライセンス開始前',
    provisional: '未確認',
    leaving: '解約手続き中',
    discarding: '削除中',
  },
};

/** The names that several of the operators' pages share. */
export const texts: Texts<typeof en> = { en, ja };
