import { at, away, type CauseRule, iso, openBlackouts, openRun, triggerJob } from '../cause.ts';
import type { WhySnapshot } from '../snapshot.ts';

/** A run waits for the end of a blackout. */
export const blackoutHolds: CauseRule = {
  find: ({ run, isAboutRun, nowMs }) => {
    if (run === null || !waitsForBlackout(run, nowMs)) return null;
    return {
      tone: 'waits',
      values: {
        id: run.id,
        name: run.heldBy!.name,
        by: run.heldBy!.by,
        tick: at(run.scheduledForMs),
        until: at(run.dueAtMs),
        in: away(run.dueAtMs),
      },
      evidence: [],
      actions: [openBlackouts, ...(isAboutRun ? [] : [openRun(run.id)])],
      startsAt: iso(run.dueAtMs),
    };
  },
};

/** The next tick falls in a blackout. */
export const blackoutAhead: CauseRule = {
  find: (snapshot) => {
    const { blackout, nextFireMs, job, run, isAboutRun } = snapshot;
    if (blackout === null || nextFireMs === null || isAboutRun || job.deletedAtMs !== null)
      return null;
    // What waits starts before it, and says for itself why it does.
    if (run?.state === 'queued') return null;
    const { name, by, effect, untilMs, runsAtMs } = blackout;
    return {
      tone: untilMs === null ? 'stops' : 'waits',
      values: {
        name,
        by,
        effect,
        tick: at(blackout.tickMs ?? nextFireMs),
        hasEnd: String(untilMs !== null),
        until: at(untilMs ?? nextFireMs),
        hasNext: String(runsAtMs !== null),
        next: at(runsAtMs ?? nextFireMs),
      },
      evidence: [],
      actions: [openBlackouts, triggerJob(snapshot)],
      ...(untilMs === null ? {} : { startsAt: runsAtMs === null ? null : iso(runsAtMs) }),
    };
  },
};

/** The calendar leaves the next time out that its lines name, or moves it to another day. */
export const dayOff: CauseRule = {
  find: (snapshot) => {
    const { leftOut, nextFireMs, job, isAboutRun, run } = snapshot;
    if (leftOut === null || isAboutRun || job.deletedAtMs !== null || snapshot.blackout !== null)
      return null;
    if (run?.state === 'queued') return null;
    return {
      tone: 'fine',
      values: {
        tick: at(leftOut.atMs),
        rule: leftOut.rule,
        kind: leftOut.name === '' ? 'unnamed' : leftOut.kind,
        name: leftOut.name,
        hasNext: String(nextFireMs !== null),
        next: at(nextFireMs ?? leftOut.atMs),
      },
      evidence: [],
      actions: [triggerJob(snapshot)],
      startsAt: nextFireMs === null ? null : iso(nextFireMs),
    };
  },
};

export function waitsForBlackout(run: NonNullable<WhySnapshot['run']>, nowMs: number): boolean {
  return run.state === 'queued' && run.attempt === 0 && run.heldBy !== null && run.dueAtMs > nowMs;
}
