import { fieldErrorsOf } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';

/** What is said of a field's error, by what the service says of it. */
const texts: Texts<readonly (readonly [said: RegExp, text: string])[]> = {
  en: [
    [/^Too small: expected string/, 'Must not be empty'],
    [/^Too big: expected string/, 'Too long'],
    [/^Must be a domain name/, 'Must be a domain name such as shop.example.com, without "https://", port or path'],
  ],
  ja: [
    [/^Too small: expected string/, '入力してください'],
    [/^Too big: expected string/, '長すぎます'],
    [
      /^Must be a domain name/,
      'shop.example.com のようなドメイン名を、「https://」、ポート、パスなしで入力してください',
    ],
    [/^Must be an e-mail address/, 'メールアドレスを入力してください'],
    [/^Must be one line/, '改行や制御文字は使用できません'],
    [/^Must be text without control characters/, '制御文字は使用できません'],
    [/^Must be well-formed Unicode/, '使用できない文字が含まれています'],
    [/^Must consist of digits/, '数字、英字、空白、+ - ( ) . / # のみ使用できます'],
    [/^Must be the customer's name/, '表示されている名称と同じ文字を入力してください'],
  ],
};

/** Gives what is wrong with the fields of a form, by their paths, in the present language where it is known. */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const known = useText(texts);
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrorsOf(error)).map(([path, detail]) => [
        path,
        known.find(([said]) => said.test(detail))?.[1] ?? detail,
      ]),
    );
}
