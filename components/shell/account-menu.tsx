'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import type { ReactNode } from 'react';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import {
  AnchoredMenu,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from '#components/ui/menu.tsx';
import { notifyFailure } from '#components/ui/toast.tsx';
import { keptHere } from './kept-here.ts';
import type { SignOutEverywhere } from './shell-facts.ts';

/** The menu of theme and sessions. */
export function AccountMenu({
  label,
  signOutEverywhere,
  ...state
}: LaterMenuState & { label: string; signOutEverywhere: SignOutEverywhere }) {
  const t = useTranslations('shell');
  const { theme, setTheme } = useTheme();
  const end = async (act: () => Promise<boolean>) => {
    if (await act().catch(() => false)) {
      keptHere.forgetAll();
      // A full load, so that nothing of this user stays in the tab.
      window.location.assign('/sign-in');
      return;
    }
    notifyFailure(t('signOutFailed'), t('signOutFailedDetail'));
  };
  return (
    <AnchoredMenu {...state} label={label} side="top">
      <MenuLabel>{t('theme')}</MenuLabel>
      <MenuRadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
        <MenuRadioItem value="system">
          <ThemeWord icon={<Monitor aria-hidden />} word={t('themeSystem')} />
        </MenuRadioItem>
        <MenuRadioItem value="light">
          <ThemeWord icon={<Sun aria-hidden />} word={t('themeLight')} />
        </MenuRadioItem>
        <MenuRadioItem value="dark">
          <ThemeWord icon={<Moon aria-hidden />} word={t('themeDark')} />
        </MenuRadioItem>
      </MenuRadioGroup>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void end(signOut)}>
        {t('signOut')}
      </MenuItem>
      <MenuItem
        className="pl-8"
        onSelect={() => void end(async () => (await signOutEverywhere()).ok)}
      >
        {t('signOutEverywhere')}
      </MenuItem>
    </AnchoredMenu>
  );
}

function ThemeWord({ icon, word }: { icon: ReactNode; word: string }) {
  return (
    <span className="flex items-center gap-2.5 [&>svg]:text-ink-3">
      {icon}
      {word}
    </span>
  );
}

/** Ends this session; whether it did. */
async function signOut(): Promise<boolean> {
  const response = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  return response.ok;
}
