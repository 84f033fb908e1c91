'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { nothing } from '#components/ui/nothing.ts';
import { consolePages, pageAt, type ConsolePage } from './pages.ts';
import type { ShellFacts } from './shell-facts.ts';

// Most people may open every page.
const ClosedMark = dynamic(() => import('./closed-mark.tsx').then((file) => file.ClosedMark), {
  loading: nothing,
});

/** The pages with their counts; the one that is open is marked. In the rail and in the phone's drawer. */
export function NavList({
  facts,
  onFollow,
}: {
  facts: ShellFacts | undefined;
  onFollow?: (() => void) | undefined;
}) {
  const current = pageAt(usePathname());
  return (
    <ul>
      {consolePages.map((page) => (
        <li
          key={page.name}
          className={cn(page.name === 'settings' && 'mt-4 border-t border-line pt-4')}
        >
          <NavLink page={page} isCurrent={page === current} facts={facts} onFollow={onFollow} />
        </li>
      ))}
    </ul>
  );
}

function NavLink({
  page,
  isCurrent,
  facts,
  onFollow,
}: {
  page: ConsolePage;
  isCurrent: boolean;
  facts: ShellFacts | undefined;
  onFollow: (() => void) | undefined;
}) {
  const t = useTranslations('shell');
  const Icon = page.icon;
  return (
    <Link
      href={page.href}
      {...(onFollow ? { onClick: onFollow } : {})}
      aria-current={isCurrent ? 'page' : undefined}
      className={cn(
        'flex h-8 items-center gap-3 rounded-box px-2 text-table text-ink-2 hover:bg-hover hover:text-ink phone:h-11 phone:text-body',
        'aria-[current=page]:bg-press aria-[current=page]:font-medium aria-[current=page]:text-ink',
        '[&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3 aria-[current=page]:[&>svg]:text-ink',
      )}
    >
      <Icon aria-hidden strokeWidth={1.75} />
      <span className="flex-1">{t(page.name)}</span>
      {facts && <NavCount page={page} facts={facts} />}
    </Link>
  );
}

function NavCount({ page, facts }: { page: ConsolePage; facts: ShellFacts }) {
  const t = useTranslations('shell');
  if (facts.closed.includes(page.name)) return <ClosedMark />;
  if (page.name === 'overview') {
    if (facts.failingJobs === 0) return null;
    const words = t('failingJobs', { count: facts.failingJobs });
    return (
      <span title={words} className="text-meta font-semibold text-fail-ink">
        {facts.failingJobs}
        <span className="sr-only"> {words}</span>
      </span>
    );
  }
  const count =
    page.name === 'jobs' || page.name === 'queues' || page.name === 'workers'
      ? facts[page.name]
      : null;
  return count === null ? null : (
    <span className="text-meta font-normal text-ink-3 [[aria-current=page]_&]:text-ink-2">
      {count}
    </span>
  );
}
