'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { cn } from './cn.ts';
import { useFocusReturn } from './use-focus-return.ts';

export const Dialog = Radix.Root;

const scrimLook = 'fixed inset-0 z-40 bg-scrim animate-appear';

export type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  title: ReactNode;
  /** One sentence under the title: what this is about, or what will be lost. */
  sentence?: ReactNode;
  /** Width in px on a wide screen. */
  width?: number | undefined;
};

/** A question in front of the page. On the phone it comes up from the bottom edge. */
export function DialogContent({
  title,
  sentence,
  width = 608,
  className,
  children,
  onOpenAutoFocus,
  onCloseAutoFocus,
  ...rest
}: DialogContentProps) {
  const focus = useFocusReturn({ onOpenAutoFocus, onCloseAutoFocus });
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrimLook} />
      <Radix.Content
        {...(sentence ? {} : { 'aria-describedby': undefined })}
        style={{ width }}
        className={cn(
          'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 animate-rise flex-col',
          'overflow-hidden rounded-box border border-line-strong bg-float text-ink shadow-float outline-none',
          'phone:top-auto phone:bottom-0 phone:left-0 phone:w-screen! phone:max-w-none phone:translate-0 phone:rounded-b-none',
          className,
        )}
        {...rest}
        {...focus}
      >
        <header className="px-6 pt-5 phone:px-4 phone:pt-4">
          <Radix.Title className="text-dialog">{title}</Radix.Title>
          {sentence && (
            <Radix.Description className="mt-0.5 text-table text-pretty text-ink-2">
              {sentence}
            </Radix.Description>
          )}
        </header>
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

/** What scrolls between the title and the foot. */
export function DialogBody({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      className={cn('min-h-0 flex-1 overflow-y-auto px-6 pt-3 pb-4 phone:px-4', className)}
      {...rest}
    />
  );
}

/** The acts of a dialog, the one that goes on at the end; `note` stands at the left. */
export function DialogFoot({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <footer className="flex items-center justify-end gap-2 border-t border-line-strong px-6 py-3 phone:px-4 phone:[&>button]:flex-1">
      {note && <span className="mr-auto text-meta text-ink-3 phone:hidden">{note}</span>}
      {children}
    </footer>
  );
}

/** A panel at the right edge for what is looked at beside the page; the whole width on the phone. */
export function SheetContent({
  title,
  side = 'right',
  className,
  children,
  onOpenAutoFocus,
  onCloseAutoFocus,
  ...rest
}: Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  title: ReactNode;
  side?: 'right' | 'left' | undefined;
}) {
  const t = useTranslations('common');
  const focus = useFocusReturn({ onOpenAutoFocus, onCloseAutoFocus });
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrimLook} />
      <Radix.Content
        aria-describedby={undefined}
        className={cn(
          'fixed inset-y-0 z-50 flex max-w-[100vw] flex-col overflow-y-auto border-line-strong bg-float px-7 pt-5 pb-8 text-ink shadow-float outline-none phone:px-4 phone:pt-3',
          side === 'right'
            ? 'right-0 w-[35rem] animate-slide-left border-l phone:w-screen phone:border-l-0'
            : 'left-0 w-72 animate-slide-right border-r',
          className,
        )}
        {...rest}
        {...focus}
      >
        <header className="mb-2 flex items-start justify-between gap-4">
          <Radix.Title className="pt-1 text-dialog">{title}</Radix.Title>
          <Radix.Close asChild>
            <IconButton label={t('close')} className="-mr-2">
              <X aria-hidden />
            </IconButton>
          </Radix.Close>
        </header>
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}
