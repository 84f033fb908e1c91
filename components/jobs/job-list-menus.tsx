'use client';

import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import {
  AnchoredMenu,
  MenuCheckboxItem,
  MenuRadioGroup,
  MenuRadioItem,
} from '#components/ui/menu.tsx';
import {
  JOB_COLUMNS,
  ORDERS,
  type ChangeJobList,
  type JobListAddress,
} from './job-list-address.ts';

type Props = LaterMenuState & { address: JobListAddress; change: ChangeJobList };

/** The orders in which the jobs may stand. */
export function OrderList({ address, change, ...state }: Props) {
  const t = useTranslations('jobs.order');
  return (
    <AnchoredMenu {...state} label={t('label', { order: t(address.order) })}>
      <MenuRadioGroup
        value={address.order}
        onValueChange={(order) => change({ order: order as JobListAddress['order'] })}
      >
        {ORDERS.map((order) => (
          <MenuRadioItem key={order} value={order}>
            {t(order)}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
    </AnchoredMenu>
  );
}

/** The columns that may show. */
export function ColumnsList({ address, change, ...state }: Props) {
  const t = useTranslations('jobs');
  return (
    <AnchoredMenu {...state} label={t('columns')}>
      {JOB_COLUMNS.map((column) => (
        <MenuCheckboxItem
          key={column}
          checked={address.columns.includes(column)}
          // Several are chosen in one go.
          onSelect={(event) => event.preventDefault()}
          onCheckedChange={(isOn) =>
            change({
              columns: JOB_COLUMNS.filter((one) =>
                one === column ? isOn : address.columns.includes(one),
              ),
            })
          }
        >
          {t(`column.${column === 'bars' ? 'barsShort' : column}`)}
        </MenuCheckboxItem>
      ))}
    </AnchoredMenu>
  );
}
