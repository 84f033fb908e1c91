import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { Link } from './link.tsx';

/** A link in words. Links are accent, keys of jobs in a list are ink. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={cn('text-accent underline-offset-[3px] hover:underline', className)}
      {...rest}
    />
  );
}
