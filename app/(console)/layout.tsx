import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { may } from '#core/auth/permissions.ts';
import { rightOf } from '#core/auth/right-of.ts';
import { either } from '#core/auth/right.ts';
import { readShellState } from '#core/overview/shell.ts';
import { requireActor } from '../session.ts';
import { ConsoleFrame } from './console-frame.tsx';
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
            'job:pause': rightOf(actor, 'job:pause'),
            'job:trigger': rightOf(actor, 'job:trigger'),
            'job:write': either(rightOf(actor, 'job:write'), rightOf(actor, 'job:write_when')),
            'run:cancel': rightOf(actor, 'run:cancel'),
            'worker:read': may(actor, 'worker:read'),
            'worker:drain': may(actor, 'worker:drain'),
            'secret:read': may(actor, 'secret:read'),
            'installation:pause': may(actor, 'installation:pause'),
          },
        }}
      >
        {children}
      </ConsoleFrame>
    </ServerQueries>
  );
}
