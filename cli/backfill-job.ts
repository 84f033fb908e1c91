import { setTimeout as pause } from 'node:timers/promises';
import { createTranslator } from 'use-intl/core';
import type { Actor } from '#core/auth/permissions.ts';
import type { StartBackfillInput } from '#core/backfill/backfill-input.ts';
import { type BackfillPreview, previewBackfill } from '#core/backfill/preview.ts';
import { type BackfillDetail, readBackfill } from '#core/backfill/read-backfill.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import type { BackfillWarning } from '#core/backfill/warnings.ts';
import { findJob } from '#core/jobs/find-job.ts';
import { readDefinition } from '#core/jobs/read-job.ts';
import type { Outcome } from '#core/outcome.ts';
import messages from '../messages/en/backfill.json' with { type: 'json' };
import { CommandProblem, EXIT, type Exit, inInstallation } from './installation.ts';
import { readInstant } from './instants.ts';
import { givenParameters } from './parameters.ts';
import { askUntilAnswered, interruption } from './patience.ts';
import { terminalTimeWords } from './time-words.ts';

export type BackfillOptions = {
  from: string;
  to?: string;
  all?: boolean;
  reverse?: boolean;
  perMinute: string;
  atOnce: string;
  urgent?: boolean;
  param: string[];
  reason?: string;
  dryRun?: boolean;
  wait?: boolean;
  as?: string;
  json?: boolean;
};

const LOOK_MS = 1_000;

/** Says what it would do, begins it, and follows it to its end where that is asked for. */
export async function backfillJob(key: string, options: BackfillOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const asked = await askedFor(actor, key, options);
    const preview = valueOf(await previewBackfill(actor, asked));
    // Nothing to mend is no problem: a script may ask every night.
    if (options.dryRun || preview.runs === 0) return tellPreview(key, preview, options);
    const { id, expected, waitsForResume } = valueOf(await startBackfill(actor, asked));
    if (waitsForResume) {
      console.error(
        'Everything is paused: the backfill begins when somebody resumes it in the console.',
      );
    }
    return options.wait
      ? follow(actor, id, options)
      : tellStarted(actor, key, id, expected, options);
  });
}

async function askedFor(
  actor: Actor,
  key: string,
  options: BackfillOptions,
): Promise<StartBackfillInput> {
  const { jobId } = valueOf(await findJob(actor, key));
  const now = new Date();
  const parameters =
    options.param.length > 0
      ? givenParameters(
          options.param,
          valueOf(await readDefinition(actor, key)).definition.parameters,
        )
      : {};
  return {
    jobId,
    from: readInstant('--from', options.from, now),
    ...(options.to === undefined ? {} : { to: readInstant('--to', options.to, now) }),
    rule: options.all ? 'all' : 'without_success',
    newestFirst: options.reverse === true,
    perMinute: wholeNumber('--per-minute', options.perMinute),
    atOnce: wholeNumber('--at-once', options.atOnce),
    givesWay: options.urgent !== true,
    parameters,
    reason: options.reason ?? '',
  };
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CommandProblem(`${option} ${text} is no whole number.`);
}

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new CommandProblem(outcome.refusal.message);
}

function tellPreview(key: string, preview: BackfillPreview, { json }: BackfillOptions): Exit {
  const lines = json ? [JSON.stringify(preview)] : previewLines(key, preview);
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.yes;
}

function previewLines(key: string, preview: BackfillPreview): string[] {
  const { runs, counts, takesMs, first, last, warnings, revision } = preview;
  const words = terminalTimeWords();
  const t = translator();
  const at = (iso: string) => words.absolute(Date.parse(iso), Date.now(), 'seconds');
  const outcomes = Object.entries(counts.outcomes).map(
    ([outcome, count]) => `${count} ${t(`outcome.${outcome as keyof typeof messages.outcome}`)}`,
  );
  const head = `${key}: ${number(runs)} of ${number(counts.occurrences)} occurrences to run, by revision ${revision}`;
  if (runs === 0)
    return [
      `${head}. Nothing to do.`,
      ...(outcomes.length > 0 ? [`  ${outcomes.join(', ')}`] : []),
    ];
  const firsts = new Set(first.map((one) => one.at));
  const rest = last.toReversed().filter((one) => !firsts.has(one.at));
  const line = (one: (typeof first)[number]) => `  ${one.at}  ${t(`outcome.${one.outcome}`)}`;
  const between = runs - first.length - rest.length;
  return [
    `${head}${takesMs >= 1_000 ? `, in about ${words.elapsed(takesMs)}` : ''}.`,
    `  ${outcomes.join(', ')}`,
    ...first.map(line),
    ...(between > 0 ? [`  … ${number(between)} more …`] : []),
    ...rest.map(line),
    ...warnings.map((warning) => `! ${warningWords(warning, at)}`),
  ];
}

function translator() {
  return createTranslator({
    locale: 'en',
    messages: { backfill: messages },
    namespace: 'backfill',
  });
}

function warningWords(warning: BackfillWarning, at: (iso: string) => string): string {
  const t = translator();
  switch (warning.kind) {
    case 'ticks':
      return t.markup('warning.ticks', {
        count: warning.count,
        isExclusive: String(warning.isExclusive),
        at: () => at(warning.at),
      });
    case 'long':
      return t('warning.long', { takes: terminalTimeWords().duration(warning.takesMs) });
    case 'under_way':
      return t('warning.under_way', { id: warning.id });
    case 'queue_runs':
    case 'queue_holds':
      return t(`warning.${warning.kind}`, { queue: warning.queue, most: warning.most });
    case 'unrecorded':
    case 'before':
      return t(`warning.${warning.kind}`, { count: warning.count });
    default:
      return t(`warning.${warning.kind}`);
  }
}

async function tellStarted(
  actor: Actor,
  key: string,
  id: number,
  expected: number,
  { json }: BackfillOptions,
): Promise<Exit> {
  process.stdout.write(
    json
      ? `${JSON.stringify(valueOf(await readBackfill(actor, { id })))}\n`
      : `Backfill ${id} of ${key} has begun: ${number(expected)} runs.\n`,
  );
  return EXIT.yes;
}

/** A line whenever it has come further, until it is over. */
async function follow(actor: Actor, id: number, { json }: BackfillOptions): Promise<Exit> {
  const signal = interruption();
  let told = '';
  try {
    while (!signal.aborted) {
      const backfill = valueOf(await askUntilAnswered(() => readBackfill(actor, { id }), signal));
      const line = json ? JSON.stringify(backfill) : progressLine(backfill);
      const mark = `${backfill.state} ${backfill.made} ${backfill.ended}`;
      if (mark !== told) process.stdout.write(`${line}\n`);
      told = mark;
      if (isOver(backfill)) return allSucceeded(backfill) ? EXIT.yes : EXIT.no;
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  console.error(`Stopped waiting. Backfill ${id} goes on: the console can pause and cancel it.`);
  return EXIT.interrupted;
}

/** Over, and the last of its runs with it. */
const isOver = ({ endedAt, runs }: BackfillDetail) =>
  endedAt !== null && !runs.queued && !runs.running;

const allSucceeded = ({ state, ended, runs }: BackfillDetail) =>
  state === 'done' && (runs.succeeded ?? 0) === ended;

function progressLine(backfill: BackfillDetail): string {
  const words = terminalTimeWords();
  const nowMs = Date.now();
  const t = translator();
  const counts = Object.entries(backfill.runs).map(
    ([state, count]) => `${count} ${t(`ranOutcome.${state as keyof typeof messages.ranOutcome}`)}`,
  );
  const left = backfill.leftMs === null ? '' : `, about ${words.elapsed(backfill.leftMs)} left`;
  const why = backfill.problem === null ? '' : `: ${backfill.problem}`;
  return `${words.absolute(nowMs, nowMs, 'seconds')}  ${t(`state.${backfill.state}`)}${why}, ${number(backfill.ended)} of ${number(backfill.expected)}${left}${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`;
}

const number = (value: number) => value.toLocaleString('en-US');
