import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

// Explicit roles: on the phone rows are grids, and `display: grid` takes a row's meaning away from Safari.

/**
 * A table of lines, not of boxes. `bleed` lets hover and selection reach 12 px past the text.
 * On the phone each row becomes two lines: give every `Td` its place with `phone`.
 */
export function Table({
  bleed = true,
  className,
  children,
  ...rest
}: ComponentProps<'table'> & { bleed?: boolean | undefined }) {
  return (
    <div className={cn(bleed && 'desk:-mx-3')} data-bleed={bleed || undefined}>
      <table
        role="table"
        className={cn(
          'w-full table-fixed border-collapse text-table phone:block',
          bleed && '[&_:is(td,th):first-child]:desk:pl-3 [&_:is(td,th):last-child]:desk:pr-3',
          className,
        )}
        {...rest}
      >
        {children}
      </table>
    </div>
  );
}

export function TableHead({ className, children, ...rest }: ComponentProps<'thead'>) {
  return (
    <thead role="rowgroup" className={cn('phone:sr-only', className)} {...rest}>
      <tr role="row">{children}</tr>
    </thead>
  );
}

/** A column's title; it stays in sight while the rows scroll. With `onSort` it is a button that orders. */
export function Th({
  numeric = false,
  sort,
  onSort,
  className,
  children,
  ...rest
}: ComponentProps<'th'> & {
  numeric?: boolean | undefined;
  sort?: 'ascending' | 'descending' | undefined;
  onSort?: (() => void) | undefined;
}) {
  const Arrow = sort === 'ascending' ? ArrowUp : ArrowDown;
  const words: ReactNode = (
    <>
      {children}
      {sort && <Arrow aria-hidden className="ml-0.5 inline size-3 align-[-1px]" />}
    </>
  );
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sort}
      className={cn(
        'sticky top-0 z-1 h-8 border-b border-line bg-canvas pr-3 text-left text-meta font-normal whitespace-nowrap text-ink-3',
        numeric && 'text-right',
        sort && 'text-ink',
        className,
      )}
      {...rest}
    >
      {onSort ? (
        <button type="button" onClick={onSort} className="hover:text-ink">
          {words}
        </button>
      ) : (
        words
      )}
    </th>
  );
}

export function TableBody({ className, ...rest }: ComponentProps<'tbody'>) {
  return <tbody role="rowgroup" className={cn('phone:block', className)} {...rest} />;
}

/**
 * One row: 36 px, 28 px when `dense`, two lines on the phone.
 * `isCursor` marks where the keys stand (see `useRowKeys`), `isSelected` what a bulk action takes.
 */
export function Tr({
  dense = false,
  isCursor = false,
  isSelected = false,
  className,
  ...rest
}: ComponentProps<'tr'> & {
  dense?: boolean | undefined;
  isCursor?: boolean | undefined;
  isSelected?: boolean | undefined;
}) {
  return (
    <tr
      role="row"
      aria-selected={isSelected || undefined}
      data-cursor={isCursor || undefined}
      className={cn(
        'group/row border-b border-line desk:hover:bg-hover',
        dense ? 'h-row-dense' : 'h-row',
        isCursor && 'desk:bg-hover desk:shadow-[inset_2px_0_0_var(--accent)]',
        isSelected && 'bg-[color-mix(in_srgb,var(--accent-tint)_55%,var(--canvas))]',
        'phone:grid phone:h-auto phone:min-h-15 phone:grid-cols-[14px_minmax(0,1fr)_auto] phone:content-center phone:gap-x-3 phone:py-2',
        className,
      )}
      {...rest}
    />
  );
}

/** A cell's place on the phone: the glyph, first line left and right, second line left and right, or gone. */
export type PhonePlace = 'glyph' | 'first' | 'first-end' | 'second' | 'second-end' | 'hidden';

const phonePlaces: Record<PhonePlace, string> = {
  glyph: 'phone:col-start-1 phone:row-start-1 phone:pt-[3px]',
  first: 'phone:col-start-2 phone:row-start-1 phone:text-body',
  'first-end': 'phone:col-start-3 phone:row-start-1 phone:text-right',
  second: 'phone:col-start-2 phone:row-start-2 phone:text-meta phone:text-ink-3',
  'second-end':
    'phone:col-start-3 phone:row-start-2 phone:text-right phone:text-meta phone:text-ink-3',
  hidden: 'phone:hidden',
};

export function Td({
  phone = 'hidden',
  numeric = false,
  className,
  ...rest
}: ComponentProps<'td'> & { phone?: PhonePlace | undefined; numeric?: boolean | undefined }) {
  return (
    <td
      role="cell"
      className={cn(
        'truncate pr-3 phone:block phone:pr-0',
        numeric && 'text-right',
        phonePlaces[phone],
        className,
      )}
      {...rest}
    />
  );
}
