'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { Link } from './link.tsx';

export type TabLink = {
  href: string;
  label: ReactNode;
  count?: ReactNode;
  /** Say so when the address alone doesn't tell (tabs that differ in the query). */
  isCurrent?: boolean | undefined;
};

/** The parts of one thing, each with an address of its own, so that back and links work. */
export function TabLinks({
  tabs,
  label,
  className,
}: {
  tabs: readonly TabLink[];
  label: string;
  className?: string | undefined;
}) {
  const path = usePathname();
  const current = tabs.find((tab) => tab.isCurrent ?? tab.href === path)?.href;
  return (
    <nav
      aria-label={label}
      className={cn(
        '-mx-gutter flex [scrollbar-width:none] gap-7 overflow-x-auto border-b border-line px-gutter phone:gap-5',
        className,
      )}
    >
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          ref={tab.href === current ? bringIntoSight : undefined}
          href={tab.href}
          scroll={false}
          aria-current={tab.href === current ? 'page' : undefined}
          className={cn(
            '-mb-px border-b-2 border-transparent pt-2 pb-[9px] text-table font-medium whitespace-nowrap text-ink-2 phone:pt-3 phone:pb-[11px]',
            'hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-ink aria-[current=page]:text-ink',
          )}
        >
          {tab.label}
          {tab.count !== undefined && (
            <span className="ml-1.5 font-normal text-ink-3">{tab.count}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

// Where not all tabs have room, the one that is shown comes to the middle of those in sight.
const bringIntoSight = (tab: HTMLElement | null) =>
  tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
