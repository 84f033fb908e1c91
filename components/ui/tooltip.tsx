'use client';

import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cn } from './cn.ts';

export const TooltipProvider = Radix.Provider;

export const tooltipLook =
  'z-50 max-w-80 rounded-box border border-line-strong bg-float px-2.5 py-1.5 text-meta text-pretty text-ink shadow-float animate-appear';

/** A few words on hover and on focus. What can't be done without must not stand here: phones have no hover. */
export function Tooltip({
  content,
  side = 'top',
  className,
  children,
}: {
  content: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined;
  className?: string | undefined;
  children: ReactElement;
}) {
  if (content === undefined || content === null || content === '') return children;
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(tooltipLook, className)}
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
