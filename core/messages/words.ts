import { formatAbsolute } from '../time/format.ts';
import { type Incident, type IncidentKind } from '../incidents/incident.ts';
import type { MessageContent } from './content.ts';
import type { IncidentEvent } from './owed.ts';

export type JobIncident = Incident & { kind: IncidentKind };

/** What a message is made of: the incident as it stands now, its job, and where the console is. */
export type MessageFacts = {
  event: IncidentEvent;
  incident: JobIncident;
  job: {
    key: string;
    owner: string;
    labels: Record<string, string>;
    runbookUrl: string;
    timeZone: string;
  };
  /** After how many hours a reminder comes; null: none. */
  remindHours: number | null;
  /** Without a `/` at its end; null: nobody said it. */
  consoleUrl: string | null;
  idempotencyKey: string;
};

/** Says an incident in plain words: which job, what happened and why, since when, how often, and what to do next. */
export function wordsOf(facts: MessageFacts): MessageContent {
  const { event, incident, job, idempotencyKey } = facts;
  const runId = event === 'recovered' ? incident.endedByRun : incident.lastRunId;
  const link = linkTo(facts, runId);
  return {
    event,
    title: titleOf(event, incident, job.key),
    lines: linesOf(facts),
    nextStep: nextStepOf(facts),
    url: link,
    urlText: runId === null ? 'Open the job' : 'Open the run',
    job: { key: job.key, owner: job.owner, labels: job.labels },
    incident: {
      id: incident.id,
      kind: incident.kind,
      openedAt: incident.openedAt,
      endedAt: incident.endedAt,
      runs: incident.runs,
      missed: incident.missed,
      cause: oneLine(incident.lastCause ?? incident.cause ?? ''),
    },
    runId,
    idempotencyKey,
  };
}

function linkTo({ consoleUrl, job }: MessageFacts, runId: number | null): string | null {
  if (consoleUrl === null) return null;
  return runId === null ? `${consoleUrl}/jobs/${job.key}` : `${consoleUrl}/runs/${runId}`;
}

function titleOf(
  event: IncidentEvent,
  { kind, missed, pausedAt }: JobIncident,
  key: string,
): string {
  switch (event) {
    case 'opened':
      if (pausedAt !== null) return `${key} ${BEGAN[kind](missed)}, and Punctual paused it`;
      return `${key} ${BEGAN[kind](missed)}`;
    case 'paused':
      return `Punctual paused ${key}`;
    case 'reminder':
      return `${key} still ${GOES_ON[kind]}`;
    case 'recovered':
      return `${key} works again`;
  }
}

const BEGAN: Record<IncidentKind, (missed: number) => string> = {
  failed: () => 'failed',
  timed_out: () => 'timed out',
  lost: () => 'was lost',
  missed: (missed) => `missed ${ticks(missed)}`,
  auto_paused: () => 'goes wrong too often',
};

const GOES_ON: Record<IncidentKind, string> = {
  failed: 'fails',
  timed_out: 'times out',
  lost: 'gets lost',
  missed: 'hasn’t run',
  auto_paused: 'stands still',
};

function linesOf(facts: MessageFacts): string[] {
  const { event, incident } = facts;
  if (event === 'recovered') return recoveredLines(facts);
  const { cause, lastCause, runs, missed, pausedAt, pauseReason, endedAt } = incident;
  const first = oneLine(cause ?? '');
  const latest = oneLine(lastCause ?? '');
  const paused = pausedAt === null ? '' : oneLine(pauseReason ?? '');
  return [
    first && sentence(first),
    latest && latest !== first && runs > 1 ? `Lately: ${sentence(latest)}` : '',
    `Since ${at(incident.openedAt, facts)}${howOften(runs, missed)}.`,
    pausedAt === null
      ? ''
      : `Punctual paused the job at ${at(pausedAt, facts)}${paused && paused !== first ? `: ${sentence(paused)}` : '.'}`,
    endedAt === null ? '' : `It works again since ${at(endedAt, facts)}.`,
    ownerLine(facts),
  ].filter((line) => line !== '');
}

function recoveredLines(facts: MessageFacts): string[] {
  const { incident } = facts;
  const ended = incident.endedAt ?? incident.lastAt;
  const lasted = lengthOf(ended.getTime() - incident.openedAt.getTime());
  return [
    `It had trouble from ${at(incident.openedAt, facts)} to ${at(ended, facts)} (${lasted})${howOften(incident.runs, incident.missed)}.`,
    incident.cause === null ? '' : `It began with: ${sentence(oneLine(incident.cause))}`,
    ownerLine(facts),
  ].filter((line) => line !== '');
}

function howOften(runs: number, missed: number): string {
  const said = [
    runs > 0 ? `${count(runs, 'run')} ended badly` : '',
    missed > 0 ? `${ticks(missed)} missed` : '',
  ].filter((part) => part !== '');
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
}

function ownerLine({ job }: MessageFacts): string {
  const owner = oneLine(job.owner);
  const parts = [
    owner === '' ? '' : `Owner: ${owner}.`,
    job.runbookUrl === '' ? '' : `Runbook: ${job.runbookUrl}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function nextStepOf({ event, incident, remindHours }: MessageFacts): string {
  if (event === 'recovered') return 'Nothing needs to be done.';
  if (incident.endedAt !== null) return 'Nothing needs to be done now.';
  const next =
    remindHours === null
      ? 'You hear of it again when it works.'
      : `You hear of it again when it works, and every ${remindHours} h until then.`;
  return `${whatToDo(incident)} ${next}`;
}

function whatToDo({ kind, pausedAt }: JobIncident): string {
  if (pausedAt !== null) {
    return 'Next: mend the cause, then resume the job; until then it doesn’t run.';
  }
  switch (kind) {
    case 'failed':
    case 'auto_paused':
      return 'Next: look at the log of the run, mend the cause, and retry it.';
    case 'timed_out':
      return 'Next: see in its log where it hangs, or give it more time.';
    case 'lost':
      return 'Next: see whether its worker is well, and whether the work was done; it isn’t started again by itself.';
    case 'missed':
      return 'Next: see in the job’s ledger which ticks were missed, and run them if they are needed.';
  }
}

function at(instant: Date, { job }: MessageFacts): string {
  return atIn(instant, job.timeZone);
}

/** An instant in a zone, with the zone: "21 Nov 2026, 09:14 (UTC)". */
export function atIn(instant: Date, timeZone: string): string {
  const nowMs = instant.getTime();
  const where = { locale: 'en', timeZone, nowMs };
  return `${formatAbsolute(nowMs, 'date', where)}, ${formatAbsolute(nowMs, 'time', where)} (${timeZone})`;
}

export function lengthOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1_000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

export const count = (number: number, noun: string) =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

const ticks = (missed: number) => (missed > 0 ? count(missed, 'tick') : 'its ticks');

const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** What a log or a person wrote, as a part of a line: nothing in it breaks the line, hides or turns what stands beside it. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toWellFormed();
}
