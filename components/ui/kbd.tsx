import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A key of the keyboard, as in `⌘K`. */
export function Kbd({ className, ...rest }: ComponentProps<'kbd'>) {
  return (
    <kbd
      className={cn(
        'inline-block rounded-mark px-1 font-mono text-[0.6875rem] leading-4 text-ink-3 ring-1 ring-line-strong ring-inset',
        className,
      )}
      {...rest}
    />
  );
}
