'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** Views of the same thing side by side ("Both, stdout, stderr"); one is always on. */
export function Segmented<Value extends string>({
  options,
  value,
  onValueChange,
  label,
  className,
}: {
  options: readonly { value: Value; label: ReactNode; disabled?: boolean | undefined }[];
  value: Value;
  onValueChange: (value: Value) => void;
  label: string;
  className?: string | undefined;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      // A click on the one that is on would switch it off: there is no "none" here.
      onValueChange={(next) => {
        if (next !== '') onValueChange(next as Value);
      }}
      aria-label={label}
      className={cn(
        'inline-flex h-control-small rounded-box border border-line-strong text-meta',
        className,
      )}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled ?? false}
          className={cn(
            'border-l border-line-strong px-2.5 font-normal text-ink-2 first:rounded-l-[5px] first:border-l-0 last:rounded-r-[5px]',
            'hover:bg-hover focus-visible:z-10 disabled:cursor-not-allowed disabled:opacity-50',
            'data-[state=on]:bg-press data-[state=on]:font-medium data-[state=on]:text-ink phone:text-table',
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
