import { countFires, nextFire } from '../schedules/fires.ts';
import { latestHeld } from '../schedules/ahead.ts';
import type { Coverage } from '../schedules/blackouts/coverage.ts';
import { nextStartAfter, tickInBlackout } from '../schedules/blackouts/tick-in-blackout.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import { firesLeftOut } from '../schedules/left-out.ts';
import { savedFires, savedSchedule } from '../schedules/saved-schedule.ts';
import { rateLogOf } from '../queues/rate.ts';
import { mayUse } from '../secrets/may-use.ts';
import { blackoutPutsOff, fireAfterEnd } from './after-end.ts';
import type { CircuitOfSnapshot, Pause, WhySnapshot } from './snapshot.ts';
import type { CircuitRow, SituationRow } from './snapshot.sql.ts';

const DAY_MS = 86_400_000;

/** The snapshot as the database has it, with what the schedule says; who else runs isn't known yet. */
export function situationOf(
  row: SituationRow,
  coverage: Coverage,
  isAboutRun: boolean,
): Omit<WhySnapshot, 'running' | 'crowd'> & { running: SituationRow['running'] } {
  const { run, nowMs } = row;
  const schedule = savedFires(row.schedule);
  const paused = pauseOf(row.pausedAtMs, row.pausedBy, row.pauseReason, row.pauseUntilMs);
  const { allPausedMs, allPausedBy, allPauseReason, allPauseUntilMs } = row;
  const circuit = row.circuit && circuitOf(row.circuit);
  const afterEnd = schedule && countsFromEnd(schedule.schedule) ? schedule.schedule : null;
  const fireAfter = (ms: number) =>
    afterEnd !== null
      ? fireAfterEnd(row, afterEnd, coverage, ms)
      : schedule && (nextFire(schedule, new Date(ms))?.at.getTime() ?? null);
  return {
    nowMs,
    isReadOnly: row.isReadOnly,
    everythingPaused: pauseOf(allPausedMs, allPausedBy, allPauseReason, allPauseUntilMs),
    // What counts from the end of runs begins anew then, or at once: the answer for then says which.
    nextFireAfterAllMs:
      allPauseUntilMs === null || afterEnd !== null ? null : fireAfter(allPauseUntilMs),
    job: {
      id: row.jobId,
      key: row.jobKey,
      labels: row.labels,
      revision: row.revision,
      deletedAtMs: row.deletedAtMs,
      createdAtMs: row.createdAtMs,
      paused: paused && { ...paused, evidence: row.pauseEvidence },
      hasSchedule: row.hasSchedule,
      isUnreadable: schedule === null,
      timeZone: timeZoneOf(row.schedule),
      startDeadlineMs: row.startDeadlineMs ?? DAY_MS,
      nextTickAtMs: row.nextTickAtMs,
      isReplanned: row.isReplanned,
    },
    nextFireMs: fireAfter(nowMs),
    afterEnd: afterEnd && { everyMs: afterEnd.everyMs, tick: row.liveTick },
    nextFireAfterPauseMs:
      paused === null || paused.untilMs === null || afterEnd !== null
        ? null
        : fireAfter(paused.untilMs),
    circuit,
    nextFireAfterCircuitMs:
      circuit === null ? null : fireAfter(Math.max(nowMs, circuit.untilMs - 1)),
    run: run && withoutNeeds(run),
    isAboutRun,
    needs: {
      queue: row.queueName,
      kind: run?.needs.kind ?? row.kind,
      runsOn: (run ? run.needs.runsOn : row.runsOn) ?? {},
      overlap: run?.needs.overlap ?? row.overlap ?? 'skip',
      maxParallel: run ? run.needs.maxParallel : row.maxParallel,
      secretKeys: [...new Set(row.secrets.flatMap(({ keyId }) => keyId ?? []))],
      priority: run?.needs.priority ?? row.priority ?? 0,
    },
    running: row.running,
    runningCount: row.runningCount,
    before: row.before,
    ended: row.ended,
    missed: row.missed,
    proposal: row.proposal,
    ownerOff: row.ownerOff,
    blackout:
      afterEnd !== null
        ? blackoutPutsOff(row, afterEnd, coverage)
        : schedule && blackoutOver(schedule, coverage, nowMs),
    leftOut: leftOutBefore(row.schedule, nowMs, fireAfter(nowMs)),
    ticksInPause:
      paused && schedule ? countFires(schedule, new Date(paused.sinceMs), new Date(nowMs)) : null,
    queue: {
      name: row.queueName,
      maxRunning: row.maxRunning,
      maxWaiting: row.maxWaiting,
      running: row.queueRunning,
      rate: rateOf(row),
    },
    secretsOut: secretsOut(row),
    workers: row.workers,
    lastWorker: row.lastWorker,
  };
}

/** Without the runs of jobs that whoever asks may not know of. */
function circuitOf({ isOpenedByOther, ...circuit }: CircuitRow): CircuitOfSnapshot {
  return {
    ...circuit,
    triedBy: circuit.isTriedByOther ? null : circuit.triedBy,
    openedByRun: isOpenedByOther ? null : circuit.openedByRun,
    cause: isOpenedByOther
      ? circuit.cause.replace(/run \d+/, 'a run of another job')
      : circuit.cause,
  };
}

function blackoutOver(
  schedule: CompiledSchedule,
  coverage: Coverage,
  nowMs: number,
): WhySnapshot['blackout'] {
  const next = nextFire(schedule, new Date(nowMs));
  const over = next && tickInBlackout(schedule, coverage, next.at.getTime());
  if (!over) return null;
  const { blackout, untilMs } = over;
  const heldMs = latestHeld({ schedule, coverage }, [], next.at.getTime());
  const runsAtMs = nextStartAfter(schedule, coverage, next.at.getTime());
  return {
    name: blackout.name,
    by: blackout.createdBy,
    effect: heldMs === null ? 'skip' : 'hold',
    untilMs,
    runsAtMs,
  };
}

const LOOK_FOR_DAYS_OFF_MS = 40 * DAY_MS;

function leftOutBefore(
  saved: unknown,
  nowMs: number,
  nextMs: number | null,
): WhySnapshot['leftOut'] {
  const schedule = savedSchedule(saved);
  if (!schedule || schedule.type === 'manual' || savedFires(saved) === null) return null;
  const rule = schedule.calendar?.rule;
  if (rule === undefined || rule === 'nth') return null;
  const until = new Date(
    Math.min(nextMs ?? Number.POSITIVE_INFINITY, nowMs + LOOK_FOR_DAYS_OFF_MS),
  );
  for (const { at, because } of firesLeftOut(schedule, {
    after: new Date(nowMs),
    until,
    limit: 1,
  })) {
    return { atMs: at.getTime(), ...because, rule };
  }
  return null;
}

/** What the job uses and isn't given, and why not. */
function secretsOut({ secrets, jobKey: key, labels }: SituationRow): WhySnapshot['secretsOut'] {
  return secrets.flatMap((secret): WhySnapshot['secretsOut'] => {
    if (secret.keyId === null) return [{ name: secret.name, is: 'missing' }];
    return mayUse(secret, { key, labels }) ? [] : [{ name: secret.name, is: 'limited' }];
  });
}

function pauseOf(
  sinceMs: number | null,
  by: string | null,
  reason: string | null,
  untilMs: number | null,
): Pause | null {
  return sinceMs === null
    ? null
    : { sinceMs, by: by ?? '', reason: reason ?? '', untilMs, evidence: null };
}

function rateOf({ rateStarts, rateMs, rateLog }: SituationRow): WhySnapshot['queue']['rate'] {
  return rateStarts === null || rateMs === null
    ? null
    : { starts: rateStarts, perMs: rateMs, log: rateLogOf(rateLog) };
}

function withoutNeeds({ needs: _needs, ...run }: NonNullable<SituationRow['run']>) {
  return run;
}

function timeZoneOf(schedule: unknown): string {
  const { timeZone } = (schedule ?? {}) as { timeZone?: unknown };
  return typeof timeZone === 'string' ? timeZone : 'UTC';
}
