'use client';

import { KeyRound, UserCheck, UserX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';

/** What an admin does with an account besides its role; nobody locks themselves out. */
export function UserMenu({
  label,
  isOwn,
  isOff,
  onPasswordLink,
  onSwitch,
  ...state
}: LaterMenuState & {
  label: string;
  isOwn: boolean;
  isOff: boolean;
  onPasswordLink: () => void;
  onSwitch: (isOff: boolean) => void;
}) {
  const t = useTranslations('settings.list');
  return (
    <AnchoredMenu {...state} label={label}>
      <MenuItem icon={<KeyRound aria-hidden />} disabled={isOff} onSelect={onPasswordLink}>
        {t('passwordLink')}
      </MenuItem>
      {isOff ? (
        <MenuItem icon={<UserCheck aria-hidden />} onSelect={() => onSwitch(false)}>
          {t('switchOn')}
        </MenuItem>
      ) : (
        <MenuItem icon={<UserX aria-hidden />} disabled={isOwn} onSelect={() => onSwitch(true)}>
          {t('switchOff')}
        </MenuItem>
      )}
    </AnchoredMenu>
  );
}
