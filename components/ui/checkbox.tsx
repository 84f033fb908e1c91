'use client';

import { Check, Minus } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';

/** A box to tick; `checked="indeterminate"` stands for "some of them". The touch area is larger than the box. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  const control = useFieldControl(rest);
  return (
    <Radix.Root
      {...rest}
      {...control}
      className={cn(
        'relative grid size-3.5 shrink-0 place-items-center rounded-[3px] border border-line-axis bg-field text-on-accent',
        'before:absolute before:-inset-2.5 phone:before:-inset-4',
        'data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill',
        'data-[state=indeterminate]:border-accent-fill data-[state=indeterminate]:bg-accent-fill',
        'disabled:cursor-not-allowed disabled:opacity-50',
        className,
      )}
    >
      <Radix.Indicator className="group">
        <Check
          aria-hidden
          strokeWidth={3}
          className="hidden size-3 group-data-[state=checked]:block"
        />
        <Minus
          aria-hidden
          strokeWidth={3}
          className="hidden size-3 group-data-[state=indeterminate]:block"
        />
      </Radix.Indicator>
    </Radix.Root>
  );
}

/** A checkbox with its words, and what ticking it means. */
export function CheckboxLine({
  label,
  hint,
  className,
  ...rest
}: Omit<ComponentProps<typeof Radix.Root>, 'children'> & { label: ReactNode; hint?: ReactNode }) {
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
