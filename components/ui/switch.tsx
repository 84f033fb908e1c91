'use client';

import { Switch as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';

/** On or off, in force at once. In a form that is saved later take `CheckboxLine`. */
export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  const control = useFieldControl(rest);
  return (
    <Radix.Root
      {...rest}
      {...control}
      className={cn(
        'relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full border border-transparent bg-line-axis p-px',
        'before:absolute before:inset-x-0 before:-inset-y-3 data-[state=checked]:bg-accent-fill',
        'focus-visible:rounded-full disabled:cursor-not-allowed disabled:opacity-50',
        className,
      )}
    >
      <Radix.Thumb className="block size-3.5 rounded-full bg-white transition-transform duration-100 data-[state=checked]:translate-x-3.5" />
    </Radix.Root>
  );
}
