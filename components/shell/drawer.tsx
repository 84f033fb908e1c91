'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Dialog, SheetContent } from '#components/ui/dialog.tsx';

/** The pages on the phone, from the left edge. */
export function Drawer({
  isOpen,
  onOpenChange,
  nav,
  foot,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  nav: ReactNode;
  foot: ReactNode;
}) {
  const t = useTranslations('shell');
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent side="left" title={t('product')}>
        <nav aria-label={t('pages')} className="-mx-2">
          {nav}
        </nav>
        <div className="-mx-2 mt-auto pt-4">{foot}</div>
      </SheetContent>
    </Dialog>
  );
}
