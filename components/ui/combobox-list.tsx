'use client';

import { Command } from 'cmdk';
import { Check, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode, RefObject } from 'react';
import { AnchoredPopover } from './anchored-popover.tsx';
import { cn } from './cn.ts';
import { itemLook } from './float-look.ts';

export type ComboboxOption = {
  value: string;
  label: string;
  /** Quiet words at the right edge. */
  hint?: ReactNode;
  /** More words that find it. */
  keywords?: string[] | undefined;
};

export type ComboboxChoice = {
  options: readonly ComboboxOption[];
  value: string;
  onValueChange: (value: string) => void;
  searchPlaceholder: string;
  isLoading?: boolean | undefined;
  mono?: boolean | undefined;
};

/** The search and the list of a `Combobox`, under its button and as wide. */
export function ComboboxList({
  id,
  anchor,
  isOpen,
  onOpenChange,
  ...choice
}: ComboboxChoice & {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <AnchoredPopover
      id={id}
      anchor={anchor}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      label={choice.searchPlaceholder}
      className="w-(--radix-popover-trigger-width) min-w-60 p-0"
    >
      <Options {...choice} onDone={() => onOpenChange(false)} />
    </AnchoredPopover>
  );
}

function Options({
  options,
  value,
  onValueChange,
  searchPlaceholder,
  isLoading,
  mono,
  onDone,
}: ComboboxChoice & { onDone: () => void }) {
  const t = useTranslations('common');
  return (
    <Command loop label={searchPlaceholder}>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <Command.Input
          placeholder={searchPlaceholder}
          className="h-9 w-full bg-transparent text-table outline-none phone:h-11 phone:text-[1rem]"
        />
      </div>
      <Command.List className="max-h-72 overflow-y-auto p-1">
        {isLoading ? (
          <Command.Loading>
            <p className="px-2 py-3 text-ink-3">{t('loading')}</p>
          </Command.Loading>
        ) : (
          <Command.Empty className="px-2 py-3 text-ink-3">{t('nothingFound')}</Command.Empty>
        )}
        {options.map((option) => (
          <Command.Item
            key={option.value}
            value={option.value}
            keywords={[option.label, ...(option.keywords ?? [])]}
            onSelect={() => {
              onValueChange(option.value);
              onDone();
            }}
            className={cn(itemLook, mono && 'font-mono')}
          >
            <Check
              aria-hidden
              className={cn('text-accent', option.value !== value && 'invisible')}
            />
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.hint && <span className="font-sans text-meta text-ink-3">{option.hint}</span>}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
