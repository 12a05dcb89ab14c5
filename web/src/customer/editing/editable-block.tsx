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
  /** The name of the block in URLs. @default - no URL leads to the block */
  readonly anchor?: string;
  /** The label of the button that opens the dialog. */
  readonly edit: string;
  /** The permission that the button requires. */
  readonly permission: 'editCustomer' | 'changeRepresentative' | 'editMauAlert';
  /** The text that tells people without the permission why the button is disabled. */
  readonly reason: string;
  readonly dialogTitle: string;
  /** The component inside the dialog. Its code is loaded when the dialog is first opened. */
  readonly dialog: ComponentType<{ readonly view: CustomerView; readonly onDone: () => void }>;
  readonly children: (view: CustomerView) => ReactNode;
}

/**
 * Shows a block of the Customer screen that contains some data of the customer. People with the block's permission can
 * change this data in a dialog.
 */
export function EditableBlock({
  title,
  anchor,
  edit,
  permission,
  reason,
  dialogTitle,
  dialog,
  children,
}: EditableBlockProps) {
  const Content = dialog;
  const nameOf = useActionName();
  const [isOpened, { open, close }] = useDisclosure();
  return (
    <Block
      title={title}
      anchor={anchor}
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
