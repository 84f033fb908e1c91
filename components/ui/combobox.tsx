'use client';

import { ChevronsUpDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useId, useRef } from 'react';
import { cn } from './cn.ts';
import type { ComboboxChoice } from './combobox-list.tsx';
import { useFieldControl } from './field.tsx';
import { fieldLook } from './input.tsx';
import { useLaterFloat } from './use-later-float.ts';

// The list with its search weighs as much as the form around it, and most edits never open one.
const ComboboxList = dynamic(
  () => import('./combobox-list.tsx').then((file) => file.ComboboxList),
  { ssr: false },
);

/** One of many, found by typing, in a field; the list comes when the pointer or the focus comes near. */
export function Combobox({
  onBlur,
  className,
  ...choice
}: ComboboxChoice & { onBlur?: (() => void) | undefined; className?: string | undefined }) {
  const { options, value, mono } = choice;
  const { isWanted, isOpen, onOpenChange, handlers } = useLaterFloat();
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const control = useFieldControl({});
  return (
    <>
      <button
        ref={button}
        type="button"
        role="combobox"
        aria-haspopup="listbox"
        aria-controls={listId}
        {...handlers}
        aria-expanded={isOpen}
        onBlur={onBlur}
        {...control}
        className={cn(
          fieldLook,
          'flex h-control items-center justify-between gap-2 text-left',
          mono && 'font-mono',
          className,
        )}
      >
        <span className="min-w-0 truncate">
          {options.find((option) => option.value === value)?.label ?? value}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </button>
      {isWanted && (
        <ComboboxList
          {...choice}
          id={listId}
          anchor={button}
          isOpen={isOpen}
          onOpenChange={onOpenChange}
        />
      )}
    </>
  );
}
