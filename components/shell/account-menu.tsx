'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { IconButton } from '#components/ui/button.tsx';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/menu.tsx';
import { notifyFailure } from '#components/ui/toast.tsx';
import type { Outcome } from '#core/outcome.ts';
import { LiveClock } from '#components/time/live-clock.tsx';
import type { ShellUser } from './shell-facts.ts';

/** Ends all sessions of the user; a server action. */
export type SignOutEverywhere = () => Promise<Outcome<unknown>>;

/** Who is signed in, the page's clock, and the menu of theme and sessions. */
export function AccountLine({
  user,
  signOutEverywhere,
}: {
  user: ShellUser;
  signOutEverywhere: SignOutEverywhere;
}) {
  return (
    <div className="mt-1 flex items-center gap-2 border-t border-line pt-2 pl-2 text-table text-ink-2">
      <span className="min-w-0 flex-1 truncate" title={user.email}>
        {user.name}
      </span>
      <LiveClock className="font-mono text-meta text-ink-3" />
      <AccountMenu user={user} signOutEverywhere={signOutEverywhere} />
    </div>
  );
}

function AccountMenu({
  user,
  signOutEverywhere,
}: {
  user: ShellUser;
  signOutEverywhere: SignOutEverywhere;
}) {
  const t = useTranslations('shell');
  const { theme, setTheme } = useTheme();
  const end = async (act: () => Promise<boolean>) => {
    if (await act().catch(() => false)) {
      // A full load, so that nothing of this user stays in the tab.
      window.location.assign('/sign-in');
      return;
    }
    notifyFailure(t('signOutFailed'), t('signOutFailedDetail'));
  };
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton size="small" label={t('account', { name: user.name })}>
          <Sun aria-hidden className="dark:hidden" />
          <Moon aria-hidden className="hidden dark:block" />
        </IconButton>
      </MenuTrigger>
      <MenuContent side="top">
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
      </MenuContent>
    </Menu>
  );
}

function ThemeWord({ icon, word }: { icon: React.ReactNode; word: string }) {
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
