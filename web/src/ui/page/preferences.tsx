import { Group, NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { languages, useLanguage, useText, type Language, type Texts } from '../../text/language.tsx';

const texts = {
  en: { language: 'Language', theme: 'Theme', auto: 'Automatic', light: 'Light', dark: 'Dark' },
  ja: { language: '言語', theme: 'テーマ', auto: '自動', light: 'ライト', dark: 'ダーク' },
} satisfies Texts<object>;

/** Lets the person select the language and the theme. The browser stores both choices. */
export function Preferences() {
  const text = useText(texts);
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={text.language}
        value={language}
        onChange={({ currentTarget }) => {
          setLanguage(currentTarget.value as Language);
        }}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      <NativeSelect
        size="xs"
        aria-label={text.theme}
        value={colorScheme}
        onChange={({ currentTarget }) => {
          setColorScheme(currentTarget.value as MantineColorScheme);
        }}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: text[value] }))}
      />
    </Group>
  );
}
