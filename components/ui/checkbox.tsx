'use client';

import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';

export type CheckboxProps = Omit<
  ComponentProps<'input'>,
  'type' | 'ref' | 'checked' | 'onChange' | 'children'
> & {
  /** `indeterminate` stands for "some of them". */
  checked: boolean | 'indeterminate';
  onCheckedChange?: ((isChecked: boolean) => void) | undefined;
};

/** A box to tick. The touch area is larger than the box. */
export function Checkbox({ checked, onCheckedChange, className, ...rest }: CheckboxProps) {
  const control = useFieldControl(rest);
  return (
    <input
      {...rest}
      {...control}
      type="checkbox"
      checked={checked === true}
      onChange={(event) => onCheckedChange?.(event.target.checked)}
      // HTML has no attribute for "some of them", and a click takes the mark away: set after each render.
      ref={(box) => {
        if (box) box.indeterminate = checked === 'indeterminate';
      }}
      className={cn(
        'relative size-3.5 shrink-0 rounded-[3px] border border-line-axis bg-field align-[-2px] not-forced-colors:appearance-none',
        'before:absolute before:-inset-2.5 phone:before:-inset-4',
        'checked:border-accent-fill checked:bg-accent-fill indeterminate:border-accent-fill indeterminate:bg-accent-fill',
        'after:absolute after:bg-on-accent forced-colors:after:hidden',
        'checked:after:inset-[2px] checked:after:[clip-path:polygon(14%_44%,0_60%,40%_94%,100%_22%,86%_8%,39%_66%)]',
        'indeterminate:after:inset-x-[2px] indeterminate:after:inset-y-[5px]',
        'disabled:cursor-not-allowed disabled:opacity-50',
        className,
      )}
    />
  );
}

/** A checkbox with its words, and what ticking it means. */
export function CheckboxLine({
  label,
  hint,
  className,
  ...rest
}: CheckboxProps & { label: ReactNode; hint?: ReactNode }) {
  return (
    <label className={cn('flex items-start gap-2.5 py-1.5 text-table phone:py-3', className)}>
      <Checkbox className="mt-[3px]" {...rest} />
      <span className="min-w-0">
        {label}
        {hint && <span className="block text-meta text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}
