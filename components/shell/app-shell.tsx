'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ToastHost } from '#components/ui/toast.tsx';
import { AccountLine } from './account-line.tsx';
import { CommandProvider } from './command-provider.tsx';
import type { AskWhy, SearchJobs } from './commands.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { HealthLine } from './health-line.tsx';
import { LiveProvider } from './live-provider.tsx';
import { NavList } from './nav-list.tsx';
import { Rail } from './rail.tsx';
import type { ShellFacts, ShellUser, SignOutEverywhere } from './shell-facts.ts';
import { Topbar } from './topbar.tsx';

export type AppShellProps = {
  user: ShellUser;
  /** Undefined until they are known: the rail then has no counts. */
  facts: ShellFacts | undefined;
  signOutEverywhere: SignOutEverywhere;
  /** Finds jobs for the palette by a part of their key or name. */
  searchJobs?: SearchJobs | undefined;
  /** Opens the panel that says why a job isn't running. */
  askWhy?: AskWhy | undefined;
  /** What holds for the whole installation, on top of every page: "Everything is paused …". */
  banner?: ReactNode;
  children: ReactNode;
};

/** The frame of every page but the sign-in: rail or topbar, banners, the palette, keys and the event stream. */
export function AppShell({
  user,
  facts,
  signOutEverywhere,
  searchJobs,
  askWhy,
  banner,
  children,
}: AppShellProps) {
  const t = useTranslations('shell');
  const foot = (
    <>
      {facts && <HealthLine health={facts.health} mayOpen={!facts.closed.includes('health')} />}
      <AccountLine user={user} signOutEverywhere={signOutEverywhere} />
    </>
  );
  return (
    <LiveProvider>
      <CommandProvider searchJobs={searchJobs} askWhy={askWhy}>
        <a
          href="#main"
          className="absolute -left-[999px] z-50 rounded-box bg-float px-3 py-2 text-table focus:top-2 focus:left-2"
        >
          {t('skipToPage')}
        </a>
        <div className="flex min-h-dvh phone:block">
          <Rail nav={<NavList facts={facts} />} foot={foot} />
          <Topbar renderNav={(close) => <NavList facts={facts} onFollow={close} />} foot={foot} />
          <div className="min-w-0 flex-1">
            <ConnectionBanner />
            {banner}
            <main
              id="main"
              tabIndex={-1}
              className="min-w-0 px-gutter pt-5 pb-16 outline-none phone:pt-3.5 phone:pb-24"
            >
              {children}
            </main>
          </div>
        </div>
        <ToastHost />
      </CommandProvider>
    </LiveProvider>
  );
}
