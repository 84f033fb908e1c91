'use client';

import { Menu as MenuIcon } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { IconButton } from '#components/ui/button.tsx';
import { pageAt } from './pages.ts';
import { PaletteIconButton } from './palette-button.tsx';

const Drawer = dynamic(() => import('./drawer.tsx').then((file) => file.Drawer), { ssr: false });

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
  const [wasOpened, setWasOpened] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <header className="sticky top-0 z-30 hidden h-12 grid-cols-[44px_minmax(0,1fr)_44px] items-center border-b border-line bg-canvas px-0.5 phone:grid">
      <IconButton
        label={t('menu')}
        aria-haspopup="dialog"
        className="[&_svg]:size-[18px]"
        onClick={() => {
          setWasOpened(true);
          setIsOpen(true);
        }}
      >
        <MenuIcon aria-hidden />
      </IconButton>
      {wasOpened && (
        <Drawer
          isOpen={isOpen}
          onOpenChange={setIsOpen}
          nav={renderNav(() => setIsOpen(false))}
          foot={foot}
        />
      )}
      <span className="truncate text-center text-head">{t(page?.name ?? 'product')}</span>
      <PaletteIconButton />
    </header>
  );
}
