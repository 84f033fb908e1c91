'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRef, type ReactNode } from 'react';
import { CheckboxLine } from './checkbox.tsx';
import { cn } from './cn.ts';
import { useLaterFloat } from './use-later-float.ts';

// What floats comes when somebody is about to open a filter, not with every list.
const AnchoredPopover = dynamic(
  () => import('./anchored-popover.tsx').then((file) => file.AnchoredPopover),
  { ssr: false },
);

// On the phone the chip is 36 px high; its touch area reaches 44 px.
const chipLook =
  'relative inline-flex h-7 shrink-0 items-center gap-1.5 rounded-box border border-line-strong px-2.5 text-table whitespace-nowrap text-ink-2 ' +
  'hover:bg-hover aria-expanded:bg-hover phone:h-9 phone:before:absolute phone:before:-inset-y-1 phone:before:inset-x-0';

export type FilterChipProps = {
  /** What is filtered: "State". */
  label: string;
  /** The filter in words ("failed, lost"), or nothing while it is off. */
  value?: ReactNode;
  onClear?: (() => void) | undefined;
  /** What the chip opens; a function gets a way to close it. */
  children: ReactNode | ((close: () => void) => ReactNode);
  className?: string | undefined;
};

/** One filter of a list: off it is quiet, on it says its value and can be cleared. */
export function FilterChip({ label, value, onClear, children, className }: FilterChipProps) {
  const t = useTranslations('common');
  const { isWanted, isOpen, onOpenChange, handlers } = useLaterFloat();
  const chip = useRef<HTMLButtonElement>(null);
  const isOn = value !== undefined && value !== null && value !== '';
  return (
    <span className="inline-flex shrink-0">
      <button
        ref={chip}
        type="button"
        aria-haspopup="dialog"
        {...handlers}
        className={cn(
          chipLook,
          isOn && 'border-accent-line bg-accent-tint hover:bg-accent-tint',
          isOn && onClear && 'rounded-r-none border-r-0 pr-1',
          className,
        )}
      >
        {label}
        {isOn && <span className="max-w-60 truncate font-medium text-accent">{value}</span>}
      </button>
      {isOn && onClear && (
        <button
          type="button"
          aria-label={t('clearFilter', { filter: label })}
          onClick={() => {
            onClear();
            // The button goes with the filter; the next key shall not begin at the top of the page.
            chip.current?.focus();
          }}
          className={cn(
            chipLook,
            'rounded-l-none border-l-0 border-accent-line bg-accent-tint px-1.5 text-ink-3 hover:bg-accent-tint hover:text-ink phone:px-3',
          )}
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
      {isWanted && (
        <AnchoredPopover
          anchor={chip}
          isOpen={isOpen}
          onOpenChange={onOpenChange}
          label={label}
          className="min-w-48"
        >
          {typeof children === 'function' ? children(() => onOpenChange(false)) : children}
        </AnchoredPopover>
      )}
    </span>
  );
}

/** A filter that takes any of a few values, each ticked on its own. */
export function ChoiceFilter<Value extends string>({
  label,
  options,
  values,
  onValuesChange,
}: {
  label: string;
  options: readonly { value: Value; label: ReactNode; words: string }[];
  values: readonly Value[];
  onValuesChange: (values: Value[]) => void;
}) {
  const chosen = options.filter((option) => values.includes(option.value));
  return (
    <FilterChip
      label={label}
      value={chosen.map((option) => option.words).join(', ')}
      onClear={() => onValuesChange([])}
    >
      <fieldset>
        <legend className="sr-only">{label}</legend>
        {options.map((option) => (
          <CheckboxLine
            key={option.value}
            label={option.label}
            checked={values.includes(option.value)}
            onCheckedChange={(on) =>
              onValuesChange(
                on ? [...values, option.value] : values.filter((value) => value !== option.value),
              )
            }
          />
        ))}
      </fieldset>
    </FilterChip>
  );
}

/** The line of search, chips and view controls above a list. On the phone it scrolls sideways. */
export function Toolbar({
  children,
  end,
  className,
}: {
  children: ReactNode;
  end?: ReactNode;
  className?: string | undefined;
}) {
  return (
    <div
      className={cn(
        'mt-4 mb-2 flex flex-wrap items-center gap-2',
        'phone:-mx-gutter phone:mt-3 phone:mb-1 phone:[scrollbar-width:none] phone:flex-nowrap phone:overflow-x-auto phone:px-gutter phone:py-1',
        className,
      )}
    >
      {children}
      {end && <div className="ml-auto flex items-center gap-1">{end}</div>}
    </div>
  );
}
