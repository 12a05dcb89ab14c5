import { useDisclosure } from '@mantine/hooks';
import { Suspense, type ComponentType, type ReactNode } from 'react';
import type { CustomerView } from '../../client/types.gen.ts';
import { Block } from '../../ui/block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Loading } from '../../ui/page/loading.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { useActionName } from '../../ui/use-action-name.ts';
import { useCustomer } from '../use-customer.ts';

export interface EditableBlockProps {
  readonly title: string;
  /** What the button that opens the dialog says. */
  readonly edit: string;
  /** Which permission that takes. */
  readonly permission: 'editCustomer' | 'changeRepresentative' | 'editMauAlert';
  /** Why those who do not have it may not. */
  readonly reason: string;
  readonly dialogTitle: string;
  /** What the dialog has: loaded when it is first opened. */
  readonly dialog: ComponentType<{ readonly view: CustomerView; readonly onDone: () => void }>;
  readonly children: (view: CustomerView) => ReactNode;
}

/** A block of the Customer screen with a part of the Customer view, and a dialog in which who is privileged changes it. */
export function EditableBlock({ title, edit, permission, reason, dialogTitle, dialog, children }: EditableBlockProps) {
  const Content = dialog;
  const nameOf = useActionName();
  const [isOpened, { open, close }] = useDisclosure();
  return (
    <Block
      title={title}
      query={useCustomer()}
      action={({ permissions }) => (
        <ReasonedButton
          size="xs"
          variant="default"
          aria-label={nameOf(edit, title)}
          reason={permissions[permission] ? null : reason}
          onClick={open}
        >
          {edit}
        </ReasonedButton>
      )}
    >
      {(view) => (
        <>
          {children(view)}
          <Dialog opened={isOpened} onClose={close} title={dialogTitle}>
            <Suspense fallback={<Loading />}>
              <Content view={view} onDone={close} />
            </Suspense>
          </Dialog>
        </>
      )}
    </Block>
  );
}
