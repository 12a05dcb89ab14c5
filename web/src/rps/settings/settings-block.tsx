import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RpDetails } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { useActionName } from '../../ui/use-action-name.ts';
import { settingTexts } from './setting-texts.ts';
import type { SettingName } from './setting-values.ts';
import { SettingsForm } from './settings-form.tsx';
import { useShownSetting } from './use-shown-setting.ts';

const texts = {
  en: { edit: 'Edit', editTitle: (title: string) => `Edit: ${title}` },
  ja: { edit: '編集', editTitle: (title: string) => `${title}の編集` },
} satisfies Texts<object>;

export interface SettingsBlockProps {
  readonly title: string;
  /** The settings that the block shows, in their order. */
  readonly settings: readonly SettingName[];
  readonly rp: UseQueryResult<RpDetails, unknown>;
}

/** Shows some settings of an RP, each with its explanation, and lets the person change them in a dialog. */
export function SettingsBlock({ title, settings, rp: query }: SettingsBlockProps) {
  const text = useText(texts);
  const explained = useText(settingTexts).settings;
  const shown = useShownSetting();
  const nameOf = useActionName();
  const [isOpened, { open, close }] = useDisclosure();
  return (
    <Block
      title={title}
      query={query}
      action={() => (
        <Button size="xs" variant="default" aria-label={nameOf(text.edit, title)} onClick={open}>
          {text.edit}
        </Button>
      )}
    >
      {(rp) => (
        <>
          <Facts
            facts={settings.map((name) => {
              const [label, explanation] = explained[name];
              return [
                label,
                <>
                  {shown(name, rp)}
                  <Text component="span" display="block" size="sm" c="dimmed">
                    {explanation}
                  </Text>
                </>,
              ];
            })}
          />
          <Dialog opened={isOpened} onClose={close} title={text.editTitle(title)} size="lg">
            <SettingsForm rp={rp} settings={settings} onDone={close} />
          </Dialog>
        </>
      )}
    </Block>
  );
}
