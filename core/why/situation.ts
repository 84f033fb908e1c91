import { countFires, nextFire } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { Pause, WhySnapshot } from './snapshot.ts';
import type { SituationRow } from './snapshot.sql.ts';

const DAY_MS = 86_400_000;

/** The snapshot as the database has it, with what the schedule says; who else runs isn't known yet. */
export function situationOf(
  row: SituationRow,
  isAboutRun: boolean,
): Omit<WhySnapshot, 'running' | 'crowd'> & { running: SituationRow['running'] } {
  const { run, nowMs } = row;
  const schedule = savedFires(row.schedule);
  const paused = pauseOf(row.pausedAtMs, row.pausedBy, row.pauseReason, row.pauseUntilMs);
  const fireAfter = (ms: number) =>
    schedule && (nextFire(schedule, new Date(ms))?.at.getTime() ?? null);
  return {
    nowMs,
    isReadOnly: row.isReadOnly,
    everythingPaused: pauseOf(row.allPausedMs, row.allPausedBy, row.allPauseReason, null),
    job: {
      id: row.jobId,
      key: row.jobKey,
      revision: row.revision,
      deletedAtMs: row.deletedAtMs,
      createdAtMs: row.createdAtMs,
      paused,
      hasSchedule: row.hasSchedule,
      isUnreadable: schedule === null,
      timeZone: timeZoneOf(row.schedule),
      startDeadlineMs: row.startDeadlineMs ?? DAY_MS,
      nextTickAtMs: row.nextTickAtMs,
      isReplanned: row.isReplanned,
    },
    nextFireMs: fireAfter(nowMs),
    nextFireAfterPauseMs:
      paused === null || paused.untilMs === null ? null : fireAfter(paused.untilMs),
    run: run && withoutNeeds(run),
    isAboutRun,
    needs: {
      queue: row.queueName,
      kind: run?.needs.kind ?? row.kind,
      runsOn: (run ? run.needs.runsOn : row.runsOn) ?? {},
      overlap: run?.needs.overlap ?? row.overlap ?? 'skip',
      maxParallel: run ? run.needs.maxParallel : row.maxParallel,
      priority: run?.needs.priority ?? row.priority ?? 0,
    },
    running: row.running,
    runningCount: row.runningCount,
    before: row.before,
    ended: row.ended,
    missed: row.missed,
    ticksInPause:
      paused && schedule ? countFires(schedule, new Date(paused.sinceMs), new Date(nowMs)) : null,
    queue: {
      name: row.queueName,
      maxRunning: row.maxRunning,
      maxWaiting: row.maxWaiting,
      running: row.queueRunning,
    },
    workers: row.workers,
    lastWorker: row.lastWorker,
  };
}

function pauseOf(
  sinceMs: number | null,
  by: string | null,
  reason: string | null,
  untilMs: number | null,
): Pause | null {
  return sinceMs === null ? null : { sinceMs, by: by ?? '', reason: reason ?? '', untilMs };
}

function withoutNeeds({ needs: _needs, ...run }: NonNullable<SituationRow['run']>) {
  return run;
}

function timeZoneOf(schedule: unknown): string {
  const { timeZone } = (schedule ?? {}) as { timeZone?: unknown };
  return typeof timeZone === 'string' ? timeZone : 'UTC';
}
