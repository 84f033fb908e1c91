'use client';

import { useRef } from 'react';
import { ComboboxList, type ComboboxProps } from '#components/ui/combobox.tsx';
import { Popover, PopoverAnchor, PopoverContent } from '#components/ui/popover.tsx';

/** The list of a `LazyCombobox`; it hangs under the button that stands before it, and gives the focus back to it. */
export function ComboboxFloat({
  id,
  isOpen,
  onOpenChange,
  ...list
}: Pick<ComboboxProps, 'options' | 'value' | 'onValueChange' | 'isLoading' | 'mono'> & {
  id: string;
  searchPlaceholder: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <Popover open={isOpen} onOpenChange={onOpenChange}>
      <PopoverAnchor asChild>
        <span ref={anchor} aria-hidden className="pointer-events-none absolute inset-0" />
      </PopoverAnchor>
      <PopoverContent
        id={id}
        label={list.searchPlaceholder}
        className="w-(--radix-popover-trigger-width) min-w-60 p-0"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          anchor.current?.parentElement?.querySelector('button')?.focus();
        }}
      >
        <ComboboxList {...list} onDone={() => onOpenChange(false)} />
      </PopoverContent>
    </Popover>
  );
}
