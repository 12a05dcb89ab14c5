import { Anchor, type AnchorProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense } from 'react';
import type { Plan } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { loadedLater } from '../ui/page/loaded-later.ts';
import { Loading } from '../ui/page/loading.tsx';

const PlansTable = loadedLater(() => import('./plans-table.tsx'));

const texts = {
  en: { open: 'Compare plans', title: 'Plans' },
  ja: { open: 'プランを比較', title: 'プラン' },
} satisfies Texts<object>;

export interface PlansLinkProps extends AnchorProps {
  /** The plan of the customer's current license. The dialog marks this plan. @default - no plan is marked */
  readonly own?: Plan['type'];
}

/** Shows a link to a dialog that compares the plans. */
export function PlansLink({ own, ...props }: PlansLinkProps) {
  const text = useText(texts);
  const [isOpened, { open, close }] = useDisclosure();
  return (
    <>
      <Anchor component="button" type="button" size="sm" {...props} onClick={open}>
        {text.open}
      </Anchor>
      <Dialog opened={isOpened} onClose={close} title={text.title} size="xl">
        <Suspense fallback={<Loading />}>
          <PlansTable own={own} />
        </Suspense>
      </Dialog>
    </>
  );
}
