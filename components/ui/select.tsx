'use client';

import { ChevronDown } from 'lucide-react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';
import { fieldLook } from './input.tsx';

export type SelectOption<Value extends string> = {
  value: Value;
  label: string;
  disabled?: boolean | undefined;
};

export type SelectProps<Value extends string> = {
  options: readonly SelectOption<Value>[];
  value: Value | undefined;
  onValueChange: (value: Value) => void;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  small?: boolean | undefined;
  name?: string | undefined;
  id?: string | undefined;
  className?: string | undefined;
  'aria-label'?: string | undefined;
  onBlur?: (() => void) | undefined;
};

/** One of a few, in the browser's own list. For more than about twenty, or to search, take `Combobox`. */
export function Select<Value extends string>({
  options,
  value,
  onValueChange,
  placeholder,
  small,
  className,
  ...rest
}: SelectProps<Value>) {
  const control = useFieldControl(rest);
  const isChosen = options.some((option) => option.value === value);
  return (
    <span className={cn('relative block', className)}>
      <select
        {...rest}
        {...control}
        value={value ?? ''}
        onChange={(event) => onValueChange(event.target.value as Value)}
        className={cn(
          fieldLook,
          'appearance-none truncate pr-8',
          small ? 'h-control-small' : 'h-control',
          !isChosen && 'text-ink-3',
        )}
      >
        {/* Without it the browser would show the first option as if it were chosen. */}
        {!isChosen && (
          <option value={value ?? ''} disabled hidden>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
