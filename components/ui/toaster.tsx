'use client';

import { useTranslations } from 'next-intl';
import { Toaster as Sonner, toast } from 'sonner';

/** What a note may say beside its words, and its way back. */
export type Note = { detail?: string | undefined; undo?: { label: string; run: () => void } };

/** The notes themselves; screens call `notify` of `toast.tsx`. */
export function Toaster() {
  const t = useTranslations('common');
  return (
    <Sonner
      containerAriaLabel={t('notes')}
      position="bottom-right"
      mobileOffset={{ bottom: 80, left: 16, right: 16 }}
      duration={6_000}
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-[22.5rem] font-sans max-w-full items-start gap-3 rounded-box border border-line-strong bg-float px-4 py-3 text-table text-ink shadow-float',
          content: 'min-w-0 flex-1',
          title: 'text-pretty',
          description: 'mt-0.5 text-meta text-pretty text-ink-2',
          actionButton:
            'order-last shrink-0 rounded-mark px-1.5 font-medium text-accent hover:bg-hover phone:min-h-11',
          error: 'border-l-2 border-l-fail-fill',
        },
      }}
      icons={{ error: null, success: null, info: null, warning: null }}
    />
  );
}

export function showNote(message: string, { detail, undo }: Note): void {
  toast(message, {
    ...(detail === undefined ? {} : { description: detail }),
    ...(undo ? { action: { label: undo.label, onClick: undo.run } } : {}),
  });
}

export function showFailure(message: string, detail: string | undefined): void {
  toast.error(message, {
    duration: 15_000,
    ...(detail === undefined ? {} : { description: detail }),
  });
}
