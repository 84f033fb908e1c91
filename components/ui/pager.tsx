import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { Link } from './link.tsx';

/** Pages by cursor: there is no page number, only newer and older. A side without an address is at its end. */
export function Pager({
  newerHref,
  olderHref,
  children,
  className,
}: {
  newerHref: string | null;
  olderHref: string | null;
  /** Which rows these are: "20 of 1,284". */
  children?: ReactNode;
  className?: string | undefined;
}) {
  const t = useTranslations('common');
  return (
    <nav
      aria-label={t('pages')}
      className={cn(
        'flex items-center justify-between gap-4 pt-3 text-table text-ink-3',
        className,
      )}
    >
      <span>{children}</span>
      <span className="flex gap-2">
        <PagerLink href={newerHref} rel="prev">
          <ChevronLeft aria-hidden />
          {t('newer')}
        </PagerLink>
        <PagerLink href={olderHref} rel="next">
          {t('older')}
          <ChevronRight aria-hidden />
        </PagerLink>
      </span>
    </nav>
  );
}

function PagerLink({
  href,
  rel,
  children,
}: {
  href: string | null;
  rel: 'prev' | 'next';
  children: ReactNode;
}) {
  return (
    <Button asChild size="small">
      {href === null ? (
        <span aria-disabled="true">{children}</span>
      ) : (
        <Link href={href} rel={rel}>
          {children}
        </Link>
      )}
    </Button>
  );
}
