import type messages from '../../messages/en/why.json';
import type { CauseRule, FoundCause, WhyValues } from './cause.ts';
import { CAUSE_KEYS, type CauseKey, CAUSES } from './causes.ts';
import type { WhySnapshot } from './snapshot.ts';

/** Causes that say something of themselves where they don't hold. */
export type FineKey = keyof (typeof messages)['fine'];

export type Cause = FoundCause & { key: CauseKey };

/** Why a job or a run isn't running, as data; words.ts words it. Instants are ISO 8601. */
export type Why = {
  /** When it was looked, by the database's clock. */
  at: string;
  job: { id: number; key: string; labels: Record<string, string>; isDeleted: boolean };
  /** The run that was asked for, or the one of the job that would start first. */
  run: { id: number; dueAt: string } | null;
  isAboutRun: boolean;
  /** In order of weight; never empty. The first is the answer. */
  causes: [Cause, ...Cause[]];
  /** What was looked at and is as it should be. */
  fine: { key: FineKey; values: WhyValues }[];
  /** About when it starts if nobody does anything; null: nobody knows, or it doesn't. */
  startsAt: string | null;
};

/** The causes that hold at the moment of the snapshot, the one that weighs most first. */
export function whyOf(snapshot: WhySnapshot): Why {
  const { job, run, nowMs, isAboutRun } = snapshot;
  const causes: Cause[] = [];
  const fine: Why['fine'] = [];
  for (const key of CAUSE_KEYS) {
    const rule: CauseRule = CAUSES[key];
    const found = rule.find(snapshot, causes);
    if (found) causes.push({ key, ...found, actions: notYetOffered(found, causes) });
    else {
      const values = rule.fine?.(snapshot);
      if (values) fine.push({ key: key as FineKey, values });
    }
  }
  const [first, ...others] = causes;
  return {
    at: new Date(nowMs).toISOString(),
    job: {
      id: job.id,
      key: job.key,
      labels: job.labels,
      isDeleted: job.deletedAtMs !== null,
    },
    run: run && { id: run.id, dueAt: new Date(run.dueAtMs).toISOString() },
    isAboutRun,
    causes: [first ?? nothingFound, ...others],
    fine,
    startsAt: startOf(causes),
  };
}

/** One thing to do is offered once, where it weighs most. */
function notYetOffered({ actions }: FoundCause, causes: readonly Cause[]): FoundCause['actions'] {
  const offered = new Set(
    causes.flatMap((cause) => cause.actions.map((act) => JSON.stringify(act))),
  );
  return actions.filter((action) => !offered.has(JSON.stringify(action)));
}

/** Each thing that is waited for has to pass: the last of them decides. */
function startOf(causes: readonly Cause[]): string | null {
  if (causes.some(({ tone }) => tone === 'stops')) return null;
  const waits = causes.filter(({ tone }) => tone === 'waits');
  // Who stands before it in line is reckoned in with what the line waits for.
  const deciding = waits.filter(({ startsAt }) => startsAt !== undefined);
  const known = (deciding.length > 0 ? deciding : causes).map(({ startsAt }) => startsAt ?? null);
  if (deciding.length > 0 && known.includes(null)) return null;
  return (
    known
      .filter((at) => at !== null)
      .toSorted()
      .at(-1) ?? null
  );
}

// A job that is paused no more, planned no further and waits for nothing: the moment between two looks of a worker.
const nothingFound: Cause = {
  key: 'about_to_start',
  tone: 'fine',
  values: {},
  evidence: [],
  actions: [],
};
