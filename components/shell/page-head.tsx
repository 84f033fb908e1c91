import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';

export type Crumb = { label: ReactNode; href: string; mono?: boolean | undefined };

export type PageHeadProps = {
  /** The way here: Jobs / nightly-backup / … Not shown on the phone, whose topbar names the section. */
  crumbs?: readonly Crumb[] | undefined;
  title: ReactNode;
  /** The title is a key. */
  mono?: boolean | undefined;
  /** The one sentence that answers the question of this page; it may begin with a `StateGlyph`. */
  sentence?: ReactNode;
  /** Buttons. On the phone they become a bar at the bottom, the primary one last. */
  actions?: ReactNode;
  /** Quiet words at the right where there are no actions: a date, a zone. */
  aside?: ReactNode;
};

/** A page's first glance: where one is, what it says, what can be done. */
export function PageHead({ crumbs = [], title, mono, sentence, actions, aside }: PageHeadProps) {
  return (
    <header>
      <div className="flex min-h-8 items-start justify-between gap-6 phone:block">
        <h1 className="min-w-0 pt-0.5 text-title text-balance phone:text-[1.125rem] phone:leading-[1.625rem]">
          {crumbs.map((crumb) => (
            <span key={crumb.href} className="font-normal text-ink-3 phone:hidden">
              <Link
                href={crumb.href}
                className={cn('hover:text-ink', crumb.mono && 'font-mono text-[1.1875rem]')}
              >
                {crumb.label}
              </Link>
              {' / '}
            </span>
          ))}
          <span
            className={cn(
              'break-words',
              mono && 'font-mono text-[1.1875rem] font-[550] tracking-[-0.02em]',
            )}
          >
            {title}
          </span>
        </h1>
        {aside && <div className="shrink-0 pt-2 text-meta text-ink-3 phone:hidden">{aside}</div>}
        {actions && <PageActionsBar>{actions}</PageActionsBar>}
      </div>
      {sentence && (
        <p className="mt-0.5 max-w-[88ch] text-body text-pretty wrap-anywhere text-ink-2 phone:mt-1 [&_b]:font-medium [&_b]:text-ink [&>svg]:mr-2 [&>svg]:align-[-2px]">
          {sentence}
        </p>
      )}
    </header>
  );
}

function PageActionsBar({ children }: { children: ReactNode }) {
  return (
    <div
      data-page-actions
      className={cn(
        'flex shrink-0 items-center gap-2',
        'phone:fixed phone:inset-x-0 phone:bottom-0 phone:z-20 phone:border-t phone:border-line phone:bg-canvas phone:px-gutter phone:pt-2',
        'phone:pb-[calc(0.5rem+env(safe-area-inset-bottom))] phone:[&>*:not([aria-label],:has(>[aria-label]:first-child))]:min-w-0 phone:[&>*:not([aria-label],:has(>[aria-label]:first-child))]:flex-1',
      )}
    >
      {children}
    </div>
  );
}
