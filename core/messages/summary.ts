import type { MessageContent } from './content.ts';
import type { IncidentEvent } from './owed.ts';
import { count, oneLine } from './words.ts';

/** One of the messages that a summary says together. */
export type Summed = { event: IncidentEvent; jobKey: string; cause: string };

/** So many jobs are named; the others are counted. */
const MOST_NAMED = 10;

/** Many problems in one message: how many jobs, which, and why, as far as there is room. */
export function summaryOf(
  summed: readonly Summed[],
  { consoleUrl, idempotencyKey }: { consoleUrl: string | null; idempotencyKey: string },
): MessageContent {
  // What has ended since isn't named as trouble; per job its last message holds.
  const last = new Map(summed.map((one) => [one.jobKey, one]));
  const well = [...last.values()].filter(({ event }) => event === 'recovered');
  const bad = [...last.values()].filter(({ event }) => event !== 'recovered');
  return {
    event: 'summary',
    title: titleOf(bad.length, well.length),
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

function titleOf(bad: number, well: number): string {
  const parts = [
    bad > 0 ? `${count(bad, 'job')} in trouble` : '',
    well > 0 ? `${count(well, 'job')} ${well === 1 ? 'works' : 'work'} again` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function named(head: string, jobs: readonly Summed[], withCause: boolean): string[] {
  if (jobs.length === 0) return [];
  const lines = jobs.slice(0, MOST_NAMED).map(({ jobKey, cause }) => {
    const why = oneLine(cause).slice(0, 120).toWellFormed();
    return withCause && why !== '' ? `• ${jobKey}: ${why}` : `• ${jobKey}`;
  });
  const others = jobs.length - lines.length;
  return [`${head}:`, ...lines, ...(others > 0 ? [`and ${count(others, 'other')}`] : [])];
}
