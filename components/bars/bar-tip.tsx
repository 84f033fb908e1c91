'use client';

import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { tooltipLook } from '#components/ui/tooltip.tsx';

/** The words over a mark of a chart. It is made only while it shows: a page has thousands of marks. */
export function BarTip({ x, width, children }: { x: number; width: number; children: ReactNode }) {
  return (
    <Radix.Root open delayDuration={0} disableHoverableContent>
      <Radix.Trigger asChild>
        <span
          className="pointer-events-none absolute inset-y-0"
          style={{ left: x, width }}
          tabIndex={-1}
        />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content side="top" sideOffset={6} collisionPadding={8} className={tooltipLook}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
