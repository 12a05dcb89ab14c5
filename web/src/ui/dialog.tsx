import { Modal, type ModalProps } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { useIsMutating } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText, type Texts } from '../text/language.tsx';

const texts = { en: { close: 'Close' }, ja: { close: '閉じる' } } satisfies Texts<object>;

/** Gives how every dialog is closed: not while something is being saved, since what comes of it is said there. */
function useClosing() {
  const text = useText(texts);
  const isSaving = useIsMutating({ predicate: ({ meta }) => !meta?.savesNothing }) > 0;
  return {
    closeButtonProps: { 'aria-label': text.close, disabled: isSaving },
    closeOnClickOutside: !isSaving,
    closeOnEscape: !isSaving,
  };
}

/** A dialog of a page. */
export function Dialog(props: ModalProps) {
  return <Modal {...useClosing()} {...props} />;
}

/** Has a place for what `openDialog` opens. */
export function Dialogs({ children }: { readonly children: ReactNode }) {
  return <ModalsProvider modalProps={useClosing()}>{children}</ModalsProvider>;
}
