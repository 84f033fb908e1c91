'use client';

import { ChevronsUpDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useId, useState } from 'react';
import { cn } from '#components/ui/cn.ts';
import type { ComboboxOption } from '#components/ui/combobox.tsx';
import { useFieldControl } from '#components/ui/field.tsx';
import { fieldLook } from '#components/ui/input.tsx';

// The list with its search weighs as much as the form around it, and most edits never open one.
const ComboboxFloat = dynamic(
  () => import('./combobox-float.tsx').then((file) => file.ComboboxFloat),
  { ssr: false },
);

/** One of many, found by typing, in a field; the list comes when the pointer or the focus comes near. */
export function LazyCombobox(props: {
  options: readonly ComboboxOption[];
  value: string;
  onValueChange: (value: string) => void;
  onBlur: () => void;
  searchPlaceholder: string;
  isLoading?: boolean;
  mono?: boolean;
}) {
  const { options, value, mono, onBlur } = props;
  const [isWanted, setIsWanted] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const listId = useId();
  const control = useFieldControl({});
  const want = () => setIsWanted(true);
  return (
    <span className="relative block desk:max-w-70">
      <button
        type="button"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={listId}
        onPointerEnter={want}
        onFocus={want}
        onClick={() => setIsOpen(true)}
        onBlur={onBlur}
        {...control}
        className={cn(
          fieldLook,
          'flex h-control items-center justify-between gap-2 text-left',
          mono && 'font-mono',
        )}
      >
        <span className="min-w-0 truncate">
          {options.find((option) => option.value === value)?.label ?? value}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </button>
      {(isWanted || isOpen) && (
        <ComboboxFloat {...props} id={listId} isOpen={isOpen} onOpenChange={setIsOpen} />
      )}
    </span>
  );
}
