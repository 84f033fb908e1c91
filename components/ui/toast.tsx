'use client';

import { useTranslations } from 'next-intl';
import { Toaster as Sonner, toast } from 'sonner';

/** Where short notes appear: what was done, with its undo. Stands once, in the shell. */
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
            'flex w-[22.5rem] max-w-full items-start gap-3 rounded-box border border-line-strong bg-float px-4 py-3 text-table text-ink shadow-float',
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

/**
 * Says in a few words what was done, with a way back where there is one.
 * `undo` also hides the note. Errors that belong to a field or a page stand there, not here.
 */
export function notify(
  message: string,
  more?: { detail?: string; undo?: { label: string; run: () => void } },
): void {
  toast(message, {
    ...(more?.detail === undefined ? {} : { description: more.detail }),
    ...(more?.undo ? { action: { label: more.undo.label, onClick: more.undo.run } } : {}),
  });
}

/** Says that an act from afar (a menu, a row) did not work: what happened and what to do. Stays 15 s. */
export function notifyFailure(message: string, detail?: string): void {
  toast.error(message, {
    duration: 15_000,
    ...(detail === undefined ? {} : { description: detail }),
  });
}
