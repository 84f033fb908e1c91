import { at, type CauseRule, iso, openRun, since, triggerJob, type WhyEvidence } from '../cause.ts';
import type { Pause, WhySnapshot } from '../snapshot.ts';

export const everythingPaused: CauseRule = {
  find: ({ everythingPaused: pause, nextFireAfterAllMs }) => {
    if (pause === null) return null;
    return {
      tone: pause.untilMs === null ? 'stops' : 'waits',
      values: endValues(pause),
      evidence: [lasts(pause)],
      actions: [{ key: 'resume_everything', values: {} }],
      ...(pause.untilMs === null
        ? {}
        : { startsAt: nextFireAfterAllMs === null ? null : iso(nextFireAfterAllMs) }),
    };
  },
};

// Requests by hand run all the same: a run is held only where it is a tick.
export const paused: CauseRule = {
  find: (snapshot) => {
    const { job, run, isAboutRun, ticksInPause, nextFireAfterPauseMs } = snapshot;
    if (job.paused === null || (isAboutRun && run?.isHeld !== true)) return null;
    const ticks: WhyEvidence[] =
      ticksInPause === null ? [] : [{ key: 'ticks_in_pause', values: { ticks: ticksInPause } }];
    return {
      tone: job.paused.untilMs === null ? 'stops' : 'waits',
      values: endValues(job.paused),
      evidence: [lasts(job.paused), ...madeBy(job.paused), ...ticks, ...heldRun(snapshot)],
      actions: [
        { key: 'resume_job', values: {}, jobId: job.id, jobKey: job.key },
        ...(isAboutRun ? [] : [triggerJob(snapshot)]),
      ],
      ...(job.paused.untilMs === null
        ? {}
        : { startsAt: nextFireAfterPauseMs === null ? null : iso(nextFireAfterPauseMs) }),
    };
  },
  fine: () => ({}),
};

const endValues = (pause: Pause) => ({
  ...pauseValues(pause),
  hasEnd: String(pause.untilMs !== null),
  until: at(pause.untilMs ?? 0),
});

const MOST_NAMED = 5;

/** The runs by which Punctual decided. */
const madeBy = ({ evidence }: Pause): WhyEvidence[] =>
  (evidence?.runIds ?? []).slice(0, MOST_NAMED).map((id) => ({
    key: evidence?.rule === 'error_lines' ? 'run_with_errors' : 'run_went_wrong',
    values: { id },
    link: { to: 'run', id },
  }));

const pauseValues = (pause: Pause) => ({
  by: pause.by,
  pausedAt: at(pause.sinceMs),
  hasReason: String(pause.reason !== ''),
  reason: pause.reason,
});

const lasts = (pause: Pause): WhyEvidence => ({
  key: 'pause_lasts',
  values: { pausedAt: at(pause.sinceMs), elapsed: since(pause.sinceMs) },
});

function heldRun({ run, isAboutRun }: WhySnapshot): WhyEvidence[] {
  if (run === null || !run.isHeld || isAboutRun) return [];
  const link = openRun(run.id);
  return [
    {
      key: 'held_run',
      values: { id: run.id, due: at(run.dueAtMs) },
      ...('link' in link ? { link: link.link } : {}),
    },
  ];
}
