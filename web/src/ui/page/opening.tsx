import { Center, Loader } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';

const texts = { en: { opening: 'Opening' }, ja: { opening: '読み込み中' } } satisfies Texts<object>;

/** Shows that the console is being opened. */
export function Opening() {
  const text = useText(texts);
  return (
    <Center component="main" h="100vh">
      <Loader role="status" aria-label={text.opening} />
    </Center>
  );
}
