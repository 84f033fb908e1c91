'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PauseAll, type PauseAllActions } from '#components/installation/pause-all.tsx';
import { findJobs } from '#components/jobs/find-jobs.ts';
import { AppShell } from './app-shell.tsx';
import type { ShellUser, SignOutEverywhere } from './shell-facts.ts';
import { shellQuery } from './shell-queries.ts';

/** The shell with what it shows of the installation, kept live on every page. */
export function ConsoleFrame({
  user,
  mayPauseAll,
  actions,
  signOutEverywhere,
  children,
}: {
  user: ShellUser;
  mayPauseAll: boolean;
  actions: PauseAllActions;
  signOutEverywhere: SignOutEverywhere;
  children: ReactNode;
}) {
  const { data: facts } = useQuery(shellQuery);
  return (
    <AppShell
      user={user}
      facts={facts}
      signOutEverywhere={signOutEverywhere}
      searchJobs={findJobs}
      banner={
        <PauseAll
          paused={facts === undefined ? undefined : facts.pausedAll}
          mayPause={mayPauseAll}
          actions={actions}
        />
      }
    >
      {children}
    </AppShell>
  );
}
