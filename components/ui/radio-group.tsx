'use client';

import { useId, type ReactNode } from 'react';
import { cn } from './cn.ts';

export type RadioOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  /** What happens then. Beside the label in `inline`, under it in `list`. */
  hint?: ReactNode;
  /** At the right edge in `list`: a number, a time. */
  aside?: ReactNode;
  disabled?: boolean | undefined;
};

export type RadioGroupProps<Value extends string> = {
  options: readonly RadioOption<Value>[];
  value: Value | undefined;
  onValueChange: (value: Value) => void;
  /** Names the group; leave it out inside a `Field group`. */
  label?: string | undefined;
  layout?: 'inline' | 'list' | undefined;
  disabled?: boolean | undefined;
  name?: string | undefined;
  className?: string | undefined;
};

/** One of a few, all of them in sight. `list` gives each choice a line of its own and tints the chosen one. */
export function RadioGroup<Value extends string>({
  options,
  value,
  onValueChange,
  label,
  layout = 'inline',
  disabled = false,
  name,
  className,
}: RadioGroupProps<Value>) {
  const isList = layout === 'list';
  const ownName = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn(isList ? 'grid' : 'flex flex-wrap gap-x-7', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'grid grid-cols-[14px_minmax(0,1fr)_auto] gap-x-2.5 rounded-box py-1.5 text-table phone:py-3',
            isList && '-mx-3 gap-x-3 px-3 py-2.5 has-checked:bg-accent-tint',
            option.disabled && 'cursor-not-allowed opacity-50',
          )}
        >
          <input
            type="radio"
            name={name ?? ownName}
            value={option.value}
            checked={value === option.value}
            onChange={() => onValueChange(option.value)}
            disabled={disabled || option.disabled}
            className={cn(
              'relative mt-[3px] size-3.5 rounded-full border border-line-axis bg-field not-forced-colors:appearance-none focus-visible:rounded-full',
              'before:absolute before:-inset-2 checked:border-4 checked:border-accent-fill checked:bg-white',
            )}
          />
          <span>
            <span className="font-medium">{option.label}</span>
            {option.hint && !isList && <span className="ml-2 text-ink-3">{option.hint}</span>}
          </span>
          {option.aside && isList ? <span className="text-ink-3">{option.aside}</span> : <span />}
          {option.hint && isList && (
            <span className="col-start-2 col-end-[-1] text-pretty text-ink-2">{option.hint}</span>
          )}
        </label>
      ))}
    </div>
  );
}
