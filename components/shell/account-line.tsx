'use client';

import { Moon, Sun } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { LiveClock } from '#components/time/live-clock.tsx';
import { IconButton } from '#components/ui/button.tsx';
import type { Outcome } from '#core/outcome.ts';
import type { ShellUser } from './shell-facts.ts';

/** Ends all sessions of the user; a server action. */
export type SignOutEverywhere = () => Promise<Outcome<unknown>>;

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
  const [isWanted, setIsWanted] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const button = (
    <IconButton
      size="small"
      label={t('account', { name: user.name })}
      aria-haspopup="menu"
      onPointerEnter={() => setIsWanted(true)}
      onFocus={() => setIsWanted(true)}
      onClick={() => setIsOpen(true)}
    >
      <Sun aria-hidden className="dark:hidden" />
      <Moon aria-hidden className="hidden dark:block" />
    </IconButton>
  );
  return (
    <div className="mt-1 flex items-center gap-2 border-t border-line pt-2 pl-2 text-table text-ink-2">
      <span className="min-w-0 flex-1 truncate" title={user.email}>
        {user.name}
      </span>
      <LiveClock className="font-mono text-meta text-ink-3" />
      <span className="relative">
        {button}
        {(isWanted || isOpen) && (
          <AccountMenu
            label={t('account', { name: user.name })}
            isOpen={isOpen}
            onOpenChange={setIsOpen}
            signOutEverywhere={signOutEverywhere}
          />
        )}
      </span>
    </div>
  );
}
