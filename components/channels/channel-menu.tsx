'use client';

import { SquarePen, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';

export function ChannelMenu({
  label,
  onEdit,
  onDelete,
  ...state
}: LaterMenuState & { label: string; onEdit: () => void; onDelete: () => void }) {
  const t = useTranslations('channels');
  return (
    <AnchoredMenu {...state} label={label}>
      <MenuItem icon={<SquarePen aria-hidden />} onSelect={onEdit}>
        {t('edit')}
      </MenuItem>
      <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={onDelete}>
        {t('delete')}
      </MenuItem>
    </AnchoredMenu>
  );
}
