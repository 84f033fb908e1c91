'use client';

import { Command } from 'cmdk';
import { Check, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
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

export type ComboboxProps = {
  options: readonly ComboboxOption[];
  value: string | undefined;
  onValueChange: (value: string) => void;
  placeholder?: string | undefined;
  searchPlaceholder?: string | undefined;
  /** Lets what was typed be taken as it is, under these words. */
  takeTyped?: ((typed: string) => string) | undefined;
  /** With `onSearch` the caller finds the options; without it the list is searched here. */
  onSearch?: ((typed: string) => void) | undefined;
  isLoading?: boolean | undefined;
  disabled?: boolean | undefined;
  mono?: boolean | undefined;
  id?: string | undefined;
  className?: string | undefined;
  'aria-label'?: string | undefined;
  onBlur?: (() => void) | undefined;
};

/** The search and list of a combobox without its trigger, for a popover of one's own. */
export function ComboboxList({
  options,
  value,
  onValueChange,
  searchPlaceholder,
  takeTyped,
  onSearch,
  isLoading,
  mono,
  onDone,
}: ComboboxProps & { onDone: () => void }) {
  const t = useTranslations('common');
  const [typed, setTyped] = useState('');
  const take = (next: string) => {
    onValueChange(next);
    onDone();
  };
  const isNew = typed.trim() !== '' && !options.some((option) => option.value === typed.trim());
  return (
    <Command shouldFilter={!onSearch} loop label={searchPlaceholder ?? t('search')}>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <Command.Input
          value={typed}
          onValueChange={(next) => {
            setTyped(next);
            onSearch?.(next);
          }}
          placeholder={searchPlaceholder ?? t('search')}
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
            onSelect={() => take(option.value)}
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
        {takeTyped && isNew && (
          <Command.Item
            forceMount
            value={`typed:${typed}`}
            onSelect={() => take(typed.trim())}
            className={cn(itemLook, 'pl-8 text-accent')}
          >
            {takeTyped(typed.trim())}
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}
