'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '#components/ui/link.tsx';
import { Mark } from './mark.tsx';
import { PaletteButton } from './palette-button.tsx';

/** The left edge on a wide screen: where one can go, whether Punctual is well, who one is. */
export function Rail({ nav, foot }: { nav: ReactNode; foot: ReactNode }) {
  const t = useTranslations('shell');
  return (
    <header className="sticky top-0 flex h-dvh w-rail shrink-0 flex-col overflow-y-auto border-r border-line bg-rail px-3 py-4 phone:hidden">
      <Link href="/" className="flex h-7 items-center gap-2.5 px-2 text-[0.9375rem] font-semibold">
        <Mark />
        {t('product')}
      </Link>
      <PaletteButton className="mt-3 mb-4" />
      <nav aria-label={t('pages')}>{nav}</nav>
      <div className="mt-auto pt-4">{foot}</div>
    </header>
  );
}
