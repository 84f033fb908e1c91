'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { LogNotAllowed } from '#components/logs/log-not-allowed.tsx';
import { RunLog } from '#components/logs/run-log.tsx';
import type { LogPage } from '#core/logs/logs.ts';
import { isFinal } from '#core/runs/states.ts';
import type { OneRunActions, OneRunRights } from './run-acts.ts';
import { RunAside } from './run-aside.tsx';
import { RunAttempts } from './run-attempts.tsx';
import { RunCause } from './run-cause.tsx';
import { RunHead } from './run-head.tsx';
import { RunPayload } from './run-payload.tsx';
import { runDetail } from './run-queries.ts';

export type RunScreenProps = {
  id: number;
  /** Null where one may not read it. */
  initialLog: LogPage | null;
  may: OneRunRights;
  actions: OneRunActions;
};

/** What happened in one run: outcome, cause, attempts on a time axis, log. */
export function RunScreen({ id, initialLog, may, actions }: RunScreenProps) {
  const { data: detail } = useSuspenseQuery(runDetail(id));
  const { run, timeline } = detail;
  const attempts = timeline.flatMap((part) => (part.kind === 'attempt' ? [part.number] : []));
  return (
    <>
      <RunHead detail={detail} may={may} actions={actions} />
      <RunCause detail={detail} />
      {/* Below 60rem one column: what happened, its log, and only then what it is compared with. */}
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)_17rem] gap-x-8 gap-y-6 max-[60rem]:grid-cols-[minmax(0,1fr)]">
        <div className="min-w-0">
          <RunAttempts detail={detail} />
          <RunPayload detail={detail} />
        </div>
        <RunAside detail={detail} />
        {initialLog ? (
          <RunLog
            runId={id}
            initialPage={initialLog}
            attempts={attempts}
            isLive={!isFinal(run.state)}
            hasStarted={run.startedAt !== null}
            lines={run.logLines}
            bytes={run.logBytes}
          />
        ) : (
          <LogNotAllowed />
        )}
      </div>
    </>
  );
}
