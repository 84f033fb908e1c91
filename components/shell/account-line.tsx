'use client';

import { Moon, Sun } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { LiveClock } from '#components/time/live-clock.tsx';
import { IconButton } from '#components/ui/button.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import type { ShellUser, SignOutEverywhere } from './shell-facts.ts';

const AccountMenu = dynamic(() => import('./account-menu.tsx').then((file) => file.AccountMenu), {
  ssr: false,
});

/** Who is signed in, the page's clock, and the menu of theme and sessions, which comes when it is asked for. */
export function AccountLine({
  user,
  signOutEverywhere,
}: {
  user: ShellUser;
  signOutEverywhere: SignOutEverywhere;
}) {
  const t = useTranslations('shell');
  const label = t('account', { name: user.name });
  return (
    <div className="mt-1 flex items-center gap-2 border-t border-line pt-2 pl-2 text-table text-ink-2">
      <span className="min-w-0 flex-1 truncate" title={user.email}>
        {user.name}
      </span>
      <LiveClock className="font-mono text-meta text-ink-3" />
      <LaterMenu
        button={
          <IconButton size="small" label={label}>
            <Sun aria-hidden className="dark:hidden" />
            <Moon aria-hidden className="hidden dark:block" />
          </IconButton>
        }
      >
        {(state) => <AccountMenu {...state} label={label} signOutEverywhere={signOutEverywhere} />}
      </LaterMenu>
    </div>
  );
}
