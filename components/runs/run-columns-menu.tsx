'use client';

import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuCheckboxItem } from '#components/ui/menu.tsx';
import { type ChangeRunList, RUN_COLUMNS, type RunListAddress } from './run-list-address.ts';

/** Which columns show; several are chosen in one go. */
export function RunColumnsMenu({
  address,
  change,
  ...state
}: LaterMenuState & { address: RunListAddress; change: ChangeRunList }) {
  const t = useTranslations('runs');
  return (
    <AnchoredMenu label={t('columns')} {...state}>
      {RUN_COLUMNS.map((column) => (
        <MenuCheckboxItem
          key={column}
          checked={address.columns.includes(column)}
          onSelect={(event) => event.preventDefault()}
          onCheckedChange={(isOn) =>
            change({
              columns: RUN_COLUMNS.filter((one) =>
                one === column ? isOn : address.columns.includes(one),
              ),
            })
          }
        >
          {t(`column.${column}`)}
        </MenuCheckboxItem>
      ))}
    </AnchoredMenu>
  );
}
