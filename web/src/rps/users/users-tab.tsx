import { Stack } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import type { RpTabProps } from '../rp-tabs.tsx';
import { UserBlocks } from './user-blocks.tsx';
import { UsersBlock } from './users-block.tsx';

/**
 * Shows the users of the RP, or the user that the address names, for example `?user=user-1`. The text that the person
 * looks for is in the address too, so Back leads from a user to the list that was shown before.
 */
export default function UsersTab({ id, rp }: RpTabProps) {
  const [params, setParams] = useSearchParams();
  const user = params.get('user');
  const sought = params.get('find') ?? '';
  const list = `/rps/${id}/users`;
  const find = (text: string) => {
    setParams(text === '' ? {} : { find: text });
  };
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(user);
  useEffect(() => {
    // The link that the person followed has disappeared, so the title of the new content gets the focus.
    if (shown.current !== user) content.current?.querySelector('h2')?.focus();
    shown.current = user;
  }, [user]);
  return (
    <Stack gap="lg" ref={content}>
      {user === null ? (
        <UsersBlock
          rp={rp}
          id={id}
          sought={sought}
          onFind={find}
          addressOf={(userId) =>
            `${list}?${new URLSearchParams({ ...(sought && { find: sought }), user: userId }).toString()}`
          }
        />
      ) : (
        <UserBlocks
          key={user}
          rp={id}
          userId={user}
          list={sought === '' ? list : `${list}?${new URLSearchParams({ find: sought }).toString()}`}
        />
      )}
    </Stack>
  );
}
