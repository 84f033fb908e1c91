'use client';

import type { ComponentProps, RefObject } from 'react';
import { Popover, PopoverAnchor, PopoverContent } from './popover.tsx';

/** A popover beside a button that stands elsewhere; a click on that button is the button's alone. */
export function AnchoredPopover({
  anchor,
  isOpen,
  onOpenChange,
  ...content
}: ComponentProps<typeof PopoverContent> & {
  anchor: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Popover open={isOpen} onOpenChange={onOpenChange}>
      <PopoverAnchor virtualRef={anchor} />
      <PopoverContent
        onInteractOutside={(event) => {
          if (event.target instanceof Node && anchor.current?.contains(event.target)) {
            event.preventDefault();
          }
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          anchor.current?.focus();
        }}
        {...content}
      />
    </Popover>
  );
}
