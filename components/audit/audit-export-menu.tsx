'use client';

import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';
import { type AuditFilters, searchOf } from './audit-address.ts';

/** Takes all entries that match, as a file. */
export function AuditExportMenu({ filters, ...state }: LaterMenuState & { filters: AuditFilters }) {
  const t = useTranslations('audit.export');
  const take = (format: 'csv' | 'jsonl') =>
    window.location.assign(`/api/console/audit-export?${searchOf({ ...filters, format })}`);
  return (
    <AnchoredMenu {...state} label={t('title')}>
      <MenuItem onSelect={() => take('csv')}>{t('csv')}</MenuItem>
      <MenuItem onSelect={() => take('jsonl')}>{t('jsonl')}</MenuItem>
    </AnchoredMenu>
  );
}
