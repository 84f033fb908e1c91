'use client';

import { Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { useFieldControl } from './field.tsx';
import { Kbd } from './kbd.tsx';

/** The look that every control to type in shares. 16 px on the phone, or iOS zooms into the field. */
export const fieldLook =
  'w-full rounded-box border border-line-strong bg-field px-2.5 text-table text-ink outline-offset-0 ' +
  'hover:border-line-axis focus-visible:outline-2 focus-visible:outline-accent focus-visible:rounded-box ' +
  'aria-invalid:border-fail-ink disabled:cursor-not-allowed disabled:opacity-60 phone:text-[1rem]';

export type InputProps = ComponentProps<'input'> & {
  /** For keys, cron lines, commands and addresses. */
  mono?: boolean | undefined;
  small?: boolean | undefined;
};

/** One line of text; inside a `Field` it takes its label, explanation and error from there. */
export function Input({ mono, small, className, ...rest }: InputProps) {
  const control = useFieldControl(rest);
  return (
    <input
      {...rest}
      {...control}
      className={cn(
        fieldLook,
        small ? 'h-control-small' : 'h-control',
        mono && 'font-mono',
        className,
      )}
    />
  );
}

/** Several lines of text; grows with what is typed up to `max-h` of its class. */
export function Textarea({
  mono,
  className,
  rows = 4,
  ...rest
}: ComponentProps<'textarea'> & { mono?: boolean | undefined }) {
  const control = useFieldControl(rest);
  return (
    <textarea
      rows={rows}
      {...rest}
      {...control}
      className={cn(
        fieldLook,
        'field-sizing-content max-h-[60vh] min-h-16 resize-y py-1.5',
        mono && 'font-mono',
        className,
      )}
    />
  );
}

/** The search of a page. `/` puts the caret here (attribute `data-page-search`). */
export function SearchInput({
  className,
  label,
  pageSearch = true,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: string; pageSearch?: boolean | undefined }) {
  return (
    <span className={cn('relative block w-60 shrink-0 phone:w-44', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        data-page-search={pageSearch || undefined}
        {...rest}
        className={cn(
          fieldLook,
          'h-control-small pr-8 pl-8 [&::-webkit-search-cancel-button]:appearance-none',
        )}
      />
      {pageSearch && (
        <Kbd className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 phone:hidden">
          /
        </Kbd>
      )}
    </span>
  );
}
