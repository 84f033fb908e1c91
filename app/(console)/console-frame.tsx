'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { PauseAll } from '#components/installation/pause-all.tsx';
import type { PauseAllActions } from '#components/installation/pause-all-parts.tsx';
import type { findJobs } from '#components/jobs/find-jobs.ts';
import { AppShell } from '#components/shell/app-shell.tsx';
import { HttpProblem } from '#components/shell/fetch-json.ts';
import type { ShellUser, SignOutEverywhere } from '#components/shell/shell-facts.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { whyAsked } from '#components/why/why-asked.ts';
import type { WhyTools } from '#components/why/why-context.ts';
import { WhyHost } from '#components/why/why-host.tsx';
import { nothing } from '#components/ui/nothing.ts';

const StateBanners = dynamic(
  () => import('./state-banners.tsx').then((file) => file.StateBanners),
  { loading: nothing },
);

/** The shell with what it shows of the installation, kept live on every page. */
export function ConsoleFrame({
  user,
  mayPauseAll,
  actions,
  signOutEverywhere,
  why,
  children,
}: {
  user: ShellUser;
  mayPauseAll: boolean;
  actions: PauseAllActions;
  signOutEverywhere: SignOutEverywhere;
  why: WhyTools;
  children: ReactNode;
}) {
  const { data, error } = useQuery(shellQuery);
  const facts = data && isDatabaseAway(error) ? { ...data, health: DATABASE_AWAY } : data;
  return (
    <AppShell
      user={user}
      facts={facts}
      signOutEverywhere={signOutEverywhere}
      searchJobs={searchJobs}
      askWhy={askWhy}
      banner={
        <>
          <PauseAll
            paused={facts === undefined ? undefined : facts.pausedAll}
            mayPause={mayPauseAll}
            actions={actions}
          />
          {facts && (facts.health.level === 'bad' || facts.vault || facts.blackout) && (
            <StateBanners facts={facts} />
          )}
        </>
      }
    >
      <WhyHost tools={why}>{children}</WhyHost>
    </AppShell>
  );
}

// Only who opens the palette searches.
const searchJobs: typeof findJobs = async (...asked) =>
  (await import('#components/jobs/find-jobs.ts')).findJobs(...asked);

const askWhy = (key: string) => whyAsked.ask({ key });

const isDatabaseAway = (error: unknown) => error instanceof HttpProblem && error.status === 503;

const DATABASE_AWAY = {
  level: 'bad',
  check: 'database',
  count: 1,
  isKnown: false,
  others: 0,
} as const;
