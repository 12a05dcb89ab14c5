import { Button, Loader, Menu, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: { account: (name: string) => `Account of ${name}`, signOut: 'Sign out' },
  ja: { account: (name: string) => `${name} のアカウント`, signOut: 'サインアウト' },
} satisfies Texts<object>;

export interface AccountMenuProps {
  /** The name of the person who is signed in. */
  readonly name: string;
  /** The mutation that signs the person out. */
  readonly signOut: { readonly isPending: boolean; readonly mutate: (variables: object) => void };
  /** The items above the item that signs the person out. @default - none */
  readonly children?: ReactNode;
}

/** Shows the name of the person who is signed in, and a menu that lets the person sign out. */
export function AccountMenu({ name, signOut, children }: AccountMenuProps) {
  const text = useText(texts);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          maw={160}
          aria-label={text.account(name)}
          rightSection={<span aria-hidden>▾</span>}
        >
          <Text span inherit truncate lh={1.5}>
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {children}
        <Menu.Item
          // The account menu stays open to show the progress of signing out, and to allow another try after a failure.
          closeMenuOnClick={false}
          aria-busy={signOut.isPending}
          rightSection={signOut.isPending && <Loader size="xs" />}
          onClick={() => {
            if (!signOut.isPending) signOut.mutate({});
          }}
        >
          {text.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
