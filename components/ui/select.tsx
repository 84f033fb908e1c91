'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';
import { fieldLook } from './input.tsx';
import { floatLook, itemLook } from './float-look.ts';

export type SelectOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  /** A second, quiet line that says what choosing it means. */
  hint?: ReactNode;
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

/** One of a few. For more than about twenty, or to search, take `Combobox`. */
export function Select<Value extends string>({
  options,
  value,
  onValueChange,
  placeholder,
  disabled,
  small,
  name,
  className,
  onBlur,
  ...rest
}: SelectProps<Value>) {
  const control = useFieldControl(rest);
  return (
    <Radix.Root
      value={value ?? ''}
      // Radix reports the empty string when the form around it is reset; that is no option.
      onValueChange={(next) => {
        if (next !== '') onValueChange(next as Value);
      }}
      {...(disabled === undefined ? {} : { disabled })}
      {...(name === undefined ? {} : { name })}
    >
      <Radix.Trigger
        {...rest}
        {...control}
        onBlur={onBlur}
        className={cn(
          fieldLook,
          'flex items-center justify-between gap-2 text-left data-placeholder:text-ink-3',
          small ? 'h-control-small' : 'h-control',
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className={cn(
            floatLook,
            'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-y-auto p-1',
          )}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                {...(option.disabled ? { disabled: true } : {})}
                className={cn(itemLook, 'pr-8', option.hint !== undefined && 'items-start')}
              >
                <span className="min-w-0">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className="block text-meta text-ink-3">{option.hint}</span>}
                </span>
                <Radix.ItemIndicator className="absolute right-2">
                  <Check aria-hidden className="size-3.5 text-accent" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
