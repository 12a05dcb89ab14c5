import { Text } from '@mantine/core';
import { useText } from '../../text/language.tsx';
import { Copied } from '../../ui/copied.tsx';
import { commands } from '../commands.ts';
import { texts } from './texts.ts';

/** Shows the command that creates a new link for an operator, below the text `says`. */
export function NewLinkCommand({ says }: { readonly says: string }) {
  const text = useText(texts);
  return (
    <>
      <Text size="sm">{says}</Text>
      <Copied label={text.command} value={commands.newLink} copy={text.copy} />
    </>
  );
}
