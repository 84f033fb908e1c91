'use client';

import { useId, type ReactNode } from 'react';
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
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn(
        'inline-flex h-control-small rounded-box border border-line-strong text-meta',
        className,
      )}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'relative grid place-items-center border-l border-line-strong px-2.5 text-ink-2 select-none first:rounded-l-[5px] first:border-l-0 last:rounded-r-[5px]',
            'hover:bg-hover has-checked:bg-press has-checked:font-medium has-checked:text-ink has-focus-visible:z-10 phone:text-table',
            'has-disabled:cursor-not-allowed has-disabled:opacity-50',
          )}
        >
          {/* Lies over its words, so that pointer and focus ring have the whole segment. */}
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onValueChange(option.value)}
            disabled={option.disabled}
            className="absolute inset-0 appearance-none"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
