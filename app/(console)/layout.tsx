import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ConsoleFrame } from '#components/shell/console-frame.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { may } from '#core/auth/permissions.ts';
import { readShellState } from '#core/overview/shell.ts';
import { requireActor } from '../session.ts';
import { signOutEverywhere } from './account-actions.ts';
import { closeCircuit, resumeJobs, triggerJob } from './jobs/[key]/actions.ts';
import { cancel } from './runs/actions.ts';
import {
  changePauseEnd,
  pauseEverything,
  resumeEverything,
} from './settings/installation/actions.ts';
import { takeBack } from './workers/actions.ts';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor((await headers()).get('x-path') ?? '/');
  const { name, email } = actor;
  return (
    <ServerQueries
      queries={[{ queryKey: shellQuery.queryKey, queryFn: () => readShellState(actor) }]}
    >
      <ConsoleFrame
        user={{ name, email }}
        mayPauseAll={may(actor, 'installation:pause')}
        actions={{ pauseEverything, resumeEverything, changePauseEnd }}
        signOutEverywhere={signOutEverywhere}
        why={{
          actions: {
            resumeJobs,
            closeCircuit,
            triggerJob,
            cancelRuns: cancel,
            takeWorkerBack: takeBack,
          },
          rights: {
            pause: may(actor, 'job:pause'),
            trigger: may(actor, 'job:trigger'),
            cancel: may(actor, 'run:cancel'),
            drain: may(actor, 'worker:drain'),
            pauseAll: may(actor, 'installation:pause'),
            write: may(actor, 'job:write'),
          },
        }}
      >
        {children}
      </ConsoleFrame>
    </ServerQueries>
  );
}
