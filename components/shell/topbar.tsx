'use client';

import { Menu as MenuIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { IconButton } from '#components/ui/button.tsx';
import { Dialog, DialogTrigger, SheetContent } from '#components/ui/dialog.tsx';
import { pageAt } from './pages.ts';
import { PaletteIconButton } from './palette-button.tsx';

/** The top edge on the phone: the drawer of pages, the name of the section, search. */
export function Topbar({
  renderNav,
  foot,
}: {
  renderNav: (close: () => void) => ReactNode;
  foot: ReactNode;
}) {
  const t = useTranslations('shell');
  const page = pageAt(usePathname());
  const [isOpen, setIsOpen] = useState(false);
  return (
    <header className="sticky top-0 z-30 hidden h-12 grid-cols-[44px_minmax(0,1fr)_44px] items-center border-b border-line bg-canvas px-0.5 phone:grid">
      <Dialog open={isOpen} onOpenChange={setIsOpen}>
        <DialogTrigger asChild>
          <IconButton label={t('menu')} className="[&_svg]:size-[18px]">
            <MenuIcon aria-hidden />
          </IconButton>
        </DialogTrigger>
        <SheetContent side="left" title={t('product')}>
          <nav aria-label={t('pages')} className="-mx-2">
            {renderNav(() => setIsOpen(false))}
          </nav>
          <div className="-mx-2 mt-auto pt-4">{foot}</div>
        </SheetContent>
      </Dialog>
      <span className="truncate text-center text-head">{t(page?.name ?? 'product')}</span>
      <PaletteIconButton />
    </header>
  );
}
