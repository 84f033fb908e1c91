import type { MessageContent } from './content.ts';
import type { IncidentEvent } from './owed.ts';
import { count, oneLine } from './words.ts';

/** One of the messages that a summary says together. */
export type Summed = {
  event: IncidentEvent;
  /** Null of a trouble of Punctual's own. */
  jobKey: string | null;
  trouble: string | null;
  cause: string;
};

/** So many jobs are named; the others are counted. */
const MOST_NAMED = 10;

/** Many problems in one message: how many jobs, which, and why, as far as there is room. */
export function summaryOf(
  summed: readonly Summed[],
  { consoleUrl, idempotencyKey }: { consoleUrl: string | null; idempotencyKey: string },
): MessageContent {
  // What has ended since isn't named as trouble; per job its last message holds.
  const last = [...new Map(summed.map((one) => [nameOf(one), one])).values()];
  // What is wrong with Punctual itself may be what is wrong with all the others.
  const ordered = last.toSorted((a, b) => Number(a.jobKey !== null) - Number(b.jobKey !== null));
  const well = ordered.filter(({ event }) => event === 'recovered');
  const bad = ordered.filter(({ event }) => event !== 'recovered');
  return {
    event: 'summary',
    title: titleOf(bad, well),
    lines: [...named('In trouble', bad, true), ...named('Works again', well, false)],
    nextStep:
      bad.length > 0
        ? 'Next: see what they have in common: a host, a queue, a worker, a release.'
        : 'Nothing needs to be done.',
    url: consoleUrl === null ? null : `${consoleUrl}/jobs`,
    urlText: 'Open the jobs',
    job: null,
    incident: null,
    runId: null,
    idempotencyKey,
  };
}

function titleOf(bad: readonly Summed[], well: readonly Summed[]): string {
  const [badJobs, wellJobs] = [bad, well].map(
    (all) => all.filter(({ jobKey }) => jobKey !== null).length,
  ) as [number, number];
  const parts = [
    bad.length > badJobs ? 'Punctual itself in trouble' : '',
    badJobs > 0 ? `${count(badJobs, 'job')} in trouble` : '',
    well.length > wellJobs ? 'Punctual itself is well again' : '',
    wellJobs > 0 ? `${count(wellJobs, 'job')} ${wellJobs === 1 ? 'works' : 'work'} again` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const nameOf = ({ jobKey, trouble }: Summed) => jobKey ?? `Punctual itself (${trouble})`;

function named(head: string, jobs: readonly Summed[], withCause: boolean): string[] {
  if (jobs.length === 0) return [];
  const lines = jobs.slice(0, MOST_NAMED).map((one) => {
    const why = oneLine(one.cause).slice(0, 120).toWellFormed();
    return withCause && why !== '' ? `• ${nameOf(one)}: ${why}` : `• ${nameOf(one)}`;
  });
  const others = jobs.length - lines.length;
  return [`${head}:`, ...lines, ...(others > 0 ? [`and ${count(others, 'other')}`] : [])];
}
