/**
 * What is said of a field's error, by how the service's own words for it begin. In English most of those serve as they are;
 * in Japanese each that a form of the console can meet is here, which a test holds against the API's contracts.
 */
export const fieldErrorTexts: Readonly<Record<'en' | 'ja', readonly (readonly [said: RegExp, text: string])[]>> = {
  en: [
    [/^Must have at least 1 character$/, 'Must not be empty'],
    [/^Must not belong to an administrator already/, 'This e-mail address belongs to an administrator already'],
    [/^Must not be registered already/, 'You have registered an RP with this RP ID already'],
    [/^Must be a domain name/, 'Must be a domain name such as shop.example.com, without "https://", port or path'],
  ],
  ja: [
    [/^Must have at least 1 character$/, '入力してください'],
    [/^Must have at most \d+ characters/, '長すぎます'],
    [
      /^Must be a domain name/,
      'shop.example.com のようなドメイン名を、「https://」、ポート、パスなしで入力してください',
    ],
    [/^Must be an e-mail address/, 'メールアドレスを入力してください'],
    [/^Must not belong to an administrator already/, 'このメールアドレスは、すでに管理者として登録されています'],
    [/^Must not be registered already/, 'このRP IDのRPはすでに登録されています'],
    [/^Must be one line/, '改行や制御文字は使用できません'],
    [/^Must be text without control characters/, '制御文字は使用できません'],
    [/^Must be well-formed Unicode/, '使用できない文字が含まれています'],
    [/^Must consist of digits/, '数字、英字、空白、+ - ( ) . / # のみ使用できます'],
    [/^Must be (a whole number|at least 1)/, '1以上の整数を入力してください'],
    [/^Must be at most/, '値が大きすぎます'],
    [/^Must be the customer's name/, '表示されている名称と同じ文字を入力してください'],
  ],
};
