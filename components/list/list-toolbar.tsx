'use client';

import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/ui/button.tsx';
import { Toolbar } from '#components/ui/filter-chip.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { ColumnChoice } from './columns-menu.tsx';
import { ListSearch, type ListSearchProps } from './list-search.tsx';

// `dynamic` forgets that it depends on the columns.
const ColumnsMenu = dynamic(() => import('./columns-menu.tsx').then((file) => file.ColumnsMenu), {
  ssr: false,
}) as typeof import('./columns-menu.tsx').ColumnsMenu;

/** Search, filters and columns of a list, all in the address. On the phone one chooses rows only after saying so. */
export function ListToolbar<Column extends string>({
  search,
  filters,
  onClear,
  order,
  columns,
  isChoosing,
  onChoosing,
}: {
  search: ListSearchProps;
  /** `FilterChip`s. */
  filters: ReactNode;
  /** Takes all filters off; undefined: there are none. */
  onClear: (() => void) | undefined;
  order?: ReactNode;
  columns: ColumnChoice<Column>;
  isChoosing: boolean;
  onChoosing: (isChoosing: boolean) => void;
}) {
  const t = useTranslations('common');
  return (
    <Toolbar
      end={
        <>
          {onClear && (
            <Button variant="quiet" size="small" onClick={onClear}>
              {t('clear')}
            </Button>
          )}
          {order}
          <LaterMenu
            // There rows have two lines, and no columns.
            className="phone:hidden"
            button={
              <IconButton size="small" label={t('columns')}>
                <Columns3 aria-hidden />
              </IconButton>
            }
          >
            {(state) => <ColumnsMenu {...state} {...columns} />}
          </LaterMenu>
        </>
      }
    >
      <ListSearch {...search} />
      {filters}
      <Button
        size="small"
        className="desk:hidden"
        aria-pressed={isChoosing}
        onClick={() => onChoosing(!isChoosing)}
      >
        {t(isChoosing ? 'chooseDone' : 'choose')}
      </Button>
    </Toolbar>
  );
}

/** The toolbar's place while the list is on its way. */
export function ListToolbarSkeleton() {
  return (
    <div className="mt-4 mb-2 flex h-control-small items-center gap-2">
      <Skeleton className="h-full w-60 rounded-box" />
      <Skeleton className="h-full w-16 rounded-box" />
      <Skeleton className="h-full w-16 rounded-box" />
    </div>
  );
}
