import { Modal, type ModalProps } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { useIsMutating } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../text/language.tsx';

const texts = { en: { close: 'Close' }, ja: { close: '閉じる' } } satisfies Texts<object>;

/**
 * Returns the props of a dialog that the person cannot close while a mutation saves data. The dialog stays open because
 * it shows the result of the mutation.
 */
function useClosing() {
  const text = useText(texts);
  const isSaving = useIsMutating({ predicate: ({ meta }) => !meta?.savesNothing }) > 0;
  return {
    closeButtonProps: { 'aria-label': text.close, disabled: isSaving },
    closeOnClickOutside: !isSaving,
    closeOnEscape: !isSaving,
  };
}

/** Shows a dialog that stays open while a mutation saves data. */
export function Dialog(props: ModalProps) {
  return <Modal {...useClosing()} {...props} />;
}

/** Renders the dialogs that `openDialog` opens. */
export function Dialogs({ children }: { readonly children: ReactNode }) {
  return <ModalsProvider modalProps={useClosing()}>{children}</ModalsProvider>;
}
