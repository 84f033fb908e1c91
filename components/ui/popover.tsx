'use client';

import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { floatLook } from './float-look.ts';

export const Popover = Radix.Root;
export const PopoverAnchor = Radix.Anchor;

/** What floats beside its trigger and can be worked in; Escape or a click outside closes it. */
export function PopoverContent({
  label,
  className,
  sideOffset = 4,
  align = 'start',
  ...rest
}: ComponentProps<typeof Radix.Content> & {
  /** What it is about, for screen readers. */
  label: string;
}) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={sideOffset}
        align={align}
        aria-label={label}
        collisionPadding={8}
        className={cn(
          floatLook,
          'max-h-(--radix-popover-content-available-height) overflow-y-auto p-3',
          className,
        )}
        {...rest}
      />
    </Radix.Portal>
  );
}
