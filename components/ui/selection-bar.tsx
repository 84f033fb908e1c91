'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

/** Floats over the foot of a list while rows are selected: how many, and what can be done with them. */
export function SelectionBar({
  summary,
  actions,
  onClear,
}: {
  /** "3 selected", or "All 1,284 matching". */
  summary: ReactNode;
  actions: ReactNode;
  onClear: () => void;
}) {
  const t = useTranslations('common');
  return (
    <div
      role="region"
      aria-label={t('selection')}
      className="fixed bottom-4 left-[calc(50%+var(--spacing-rail,13.5rem)/2)] z-30 flex -translate-x-1/2 animate-rise items-center gap-3 rounded-box border border-line-strong bg-float py-2 pr-2 pl-4 text-table whitespace-nowrap shadow-float phone:inset-x-2 phone:bottom-2 phone:left-2 phone:translate-0 phone:flex-wrap phone:p-3"
    >
      <span className="phone:w-full">{summary}</span>
      <span className="h-5 border-l border-line-strong phone:hidden" />
      <span className="flex items-center gap-2 phone:flex-1 phone:[&>*]:flex-1">{actions}</span>
      <IconButton label={t('clearSelection')} onClick={onClear}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
