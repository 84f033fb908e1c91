'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { IconButton } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { useCommands } from './commands.ts';

/** Opens the palette; looks like the search that it is. */
export function PaletteButton({ className }: { className?: string | undefined }) {
  const t = useTranslations('shell');
  const { openPalette } = useCommands();
  return (
    <button
      type="button"
      onClick={openPalette}
      aria-keyshortcuts="Meta+K Control+K"
      className={cn(
        'flex h-8 w-full shrink-0 items-center gap-2 rounded-box border border-line-strong bg-field px-2 text-table text-ink-2 hover:bg-hover',
        className,
      )}
    >
      <Search aria-hidden className="size-4 text-ink-3" />
      <span className="flex-1 text-left">{t('searchOrDo')}</span>
      <Kbd>{usePaletteKeys()}</Kbd>
    </button>
  );
}

/** The same on the phone: a magnifying glass in the topbar. */
export function PaletteIconButton() {
  const t = useTranslations('shell');
  const { openPalette } = useCommands();
  return (
    <IconButton label={t('searchOrDo')} onClick={openPalette} className="[&_svg]:size-[18px]">
      <Search aria-hidden />
    </IconButton>
  );
}

const never = () => () => {};

/** How the palette's keys are written on this machine. */
export function usePaletteKeys(): string {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'),
    () => '⌘K',
  );
}
