'use client';

import { useTranslations } from 'next-intl';
import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from './dialog.tsx';

export type FormDialogProps = {
  title: ReactNode;
  /** What this is about, or what will be lost. */
  sentence: ReactNode;
  /** Width in px on a wide screen. */
  width?: number | undefined;
  /** What was refused and belongs to none of the fields. */
  problem?: string | undefined;
  /** The word on the button that sends. */
  submit: string;
  /** What it does can't be undone. */
  isDanger?: boolean | undefined;
  isPending?: boolean | undefined;
  /** The word on the button that doesn't: "Cancel". */
  cancel?: string | undefined;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void | Promise<void>;
  onClose: () => void;
  /** `Field`s. The one to type in first is marked `data-first`, where it isn't the first. */
  children: ReactNode;
};

/** Asks for something and sends it. It is open as long as it is rendered; what was typed goes with it. */
export function FormDialog({
  title,
  sentence,
  width = 480,
  problem,
  submit,
  isDanger = false,
  isPending = false,
  cancel,
  onSubmit,
  onClose,
  children,
}: FormDialogProps) {
  const t = useTranslations('common');
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent
        width={width}
        title={title}
        sentence={sentence}
        onOpenAutoFocus={(event) => {
          const content = event.currentTarget as HTMLElement;
          const first = content.querySelector<HTMLElement>('[data-first]');
          if (!first) return;
          event.preventDefault();
          first.focus();
        }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            // In React's tree the dialog may stand inside another form, which must not hear of this.
            event.stopPropagation();
            void onSubmit(event);
          }}
          className="contents"
          noValidate
        >
          <DialogBody className="grid content-start gap-4">
            {children}
            {problem !== undefined && (
              <p role="alert" className="text-table text-fail-ink">
                {problem}
              </p>
            )}
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{cancel ?? t('cancel')}</Button>
            <Button type="submit" variant={isDanger ? 'danger' : 'primary'} pending={isPending}>
              {submit}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
