'use client';

import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuCheckboxItem } from '#components/ui/menu.tsx';

export type ColumnChoice<Column extends string> = {
  /** All that may show, in the order in which they stand. */
  columns: readonly Column[];
  shown: readonly Column[];
  nameOf: (column: Column) => string;
  onChange: (shown: Column[]) => void;
};

/** Which columns show. */
export function ColumnsMenu<Column extends string>({
  columns,
  shown,
  nameOf,
  onChange,
  ...state
}: LaterMenuState & ColumnChoice<Column>) {
  const t = useTranslations('common');
  return (
    <AnchoredMenu {...state} label={t('columns')}>
      {columns.map((column) => (
        <MenuCheckboxItem
          key={column}
          checked={shown.includes(column)}
          // Several are chosen in one go.
          onSelect={(event) => event.preventDefault()}
          onCheckedChange={(isOn) =>
            onChange(columns.filter((one) => (one === column ? isOn : shown.includes(one))))
          }
        >
          {nameOf(column)}
        </MenuCheckboxItem>
      ))}
    </AnchoredMenu>
  );
}
