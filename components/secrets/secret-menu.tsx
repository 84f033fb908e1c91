'use client';

import { KeyRound, Trash2, Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';

export type SecretAct = 'replace' | 'limit' | 'remove';

export function SecretMenu({
  label,
  onAct,
  ...state
}: LaterMenuState & { label: string; onAct: (act: SecretAct) => void }) {
  const t = useTranslations('secrets');
  return (
    <AnchoredMenu {...state} label={label}>
      <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => onAct('replace')}>
        {t('replace')}
      </MenuItem>
      <MenuItem icon={<Users aria-hidden />} onSelect={() => onAct('limit')}>
        {t('limit')}
      </MenuItem>
      <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => onAct('remove')}>
        {t('remove')}
      </MenuItem>
    </AnchoredMenu>
  );
}
