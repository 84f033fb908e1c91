import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** Holds the place of what is on its way, in its size, so that nothing jumps when it comes. */
export function Skeleton({ className, ...rest }: ComponentProps<'span'>) {
  return (
    <span
      aria-hidden
      className={cn('block h-3 animate-breathe rounded-mark bg-press', className)}
      {...rest}
    />
  );
}

/** The loading state of a table: rows of the given height, each with bars of uneven width. */
export function RowsSkeleton({
  rows = 8,
  label,
  dense = false,
}: {
  rows?: number | undefined;
  label: string;
  dense?: boolean | undefined;
}) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={cn(
            'flex items-center gap-6 border-b border-line',
            dense ? 'h-row-dense' : 'h-row phone:h-15',
          )}
        >
          <Skeleton className="size-3.5 rounded-full" />
          <Skeleton style={{ width: `${14 + ((row * 7) % 9)}%` }} />
          <Skeleton style={{ width: `${20 + ((row * 5) % 7)}%` }} className="phone:hidden" />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  );
}
