'use client';

import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuRadioGroup, MenuRadioItem } from '#components/ui/menu.tsx';
import { ORDERS, type ChangeJobList, type JobListAddress } from './job-list-address.ts';

type Props = LaterMenuState & { address: JobListAddress; change: ChangeJobList };

/** The orders in which the jobs may stand. */
export function OrderMenu({ address, change, ...state }: Props) {
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
