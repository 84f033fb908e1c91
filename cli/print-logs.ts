import type { Actor } from '#core/auth/permissions.ts';
import { findJob } from '#core/jobs/find-job.ts';
import { readLog } from '#core/logs/logs.ts';
import type { Outcome } from '#core/outcome.ts';
import { listRuns } from '#core/runs/reads.ts';
import { readRun } from '#core/runs/read-run.ts';
import { RUN_STATES } from '#core/runs/states.ts';
import { listenForChanges } from './changes.ts';
import {
  CommandProblem,
  EXIT,
  type Exit,
  type Installation,
  inInstallation,
} from './installation.ts';
import { LogPrinter } from './log-printer.ts';
import { askUntilAnswered, interruption } from './patience.ts';

export type LogsOptions = {
  follow?: boolean;
  tail?: string;
  times?: boolean;
  as?: string;
  json?: boolean;
};

const LOOK_MS = 1_000;
/** Before the first chunk of a log. */
const BEGINNING = -1;

/** Prints a run's log from its beginning or its last lines, and what comes until the run ends where that is asked for. */
export async function printLogs(named: string, options: LogsOptions): Promise<void> {
  await inInstallation(options, async (installation) => {
    const lines = readTail(options.tail);
    const runId = await runNamed(installation.actor, named);
    const printer = new LogPrinter({ runId, ...options });
    const seq = await printTail(installation.actor, runId, lines, printer);
    return options.follow
      ? follow(installation, runId, seq, printer)
      : printRest(installation.actor, runId, seq, printer);
  });
}

function readTail(text: string | undefined): number | null {
  if (text === undefined) return null;
  const lines = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (lines >= 1 && lines <= 10_000) return lines;
  throw new CommandProblem(`--tail ${text} can’t be: give a whole number from 1 to 10,000.`);
}

/** A number is a run; a job means the latest of its runs that may have a log. */
async function runNamed(actor: Actor, named: string): Promise<number> {
  if (/^\d{1,15}$/.test(named)) return Number(named);
  const job = valueOf(await findJob(actor, named));
  const states = RUN_STATES.filter((state) => state !== 'skipped');
  const { runs } = valueOf(await listRuns(actor, { jobKey: job.key, states, limit: 1 }));
  if (runs[0]) return runs[0].id;
  throw new CommandProblem(
    `${job.key} hasn’t run yet, so there is no log. punctual run ${job.key} --wait runs it now.`,
  );
}

/** @returns the last chunk that was printed */
async function printTail(
  actor: Actor,
  runId: number,
  lines: number | null,
  printer: LogPrinter,
): Promise<number> {
  if (lines === null) return BEGINNING;
  const page = valueOf(await readLog(actor, { runId, at: { from: 'tail', lines } }));
  const last = page.pieces.reduce((most, { line }) => Math.max(most, line), 0);
  await printer.print(page.pieces.filter(({ line }) => line > last - lines));
  return page.lastSeq ?? BEGINNING;
}

async function printRest(
  actor: Actor,
  runId: number,
  seq: number,
  printer: LogPrinter,
): Promise<Exit> {
  for (let after = seq; ;) {
    const page = valueOf(await readLog(actor, { runId, at: { from: 'after', seq: after } }));
    await printer.print(page.pieces);
    after = page.lastSeq ?? after;
    if (page.hasLater) continue;
    await printer.end();
    if (page.isLive) {
      console.error(`Run ${runId} hasn’t ended: punctual logs ${runId} -f follows it.`);
    } else if (printer.isEmpty) {
      console.error(`Run ${runId} wrote nothing.`);
    }
    return EXIT.yes;
  }
}

async function follow(
  { actor, directUrl }: Installation,
  runId: number,
  seq: number,
  printer: LogPrinter,
): Promise<Exit> {
  const signal = interruption();
  const changes = listenForChanges(directUrl, runId, ['run', 'log']);
  try {
    for (let after = seq; !signal.aborted;) {
      const at = { from: 'after' as const, seq: after };
      const page = valueOf(await askUntilAnswered(() => readLog(actor, { runId, at }), signal));
      await printer.print(page.pieces);
      after = page.lastSeq ?? after;
      if (page.hasLater) continue;
      // Whether it lives was read before the chunks: a run that had ended then has written all of them.
      if (!page.isLive) return await tellEnd(actor, runId, printer, signal);
      await changes.next(LOOK_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await changes.end();
  }
  await printer.end();
  return EXIT.interrupted;
}

async function tellEnd(
  actor: Actor,
  runId: number,
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<Exit> {
  await printer.end();
  const { run } = valueOf(await askUntilAnswered(() => readRun(actor, runId), signal));
  const because = run.cause === null ? '' : `: ${run.cause}`;
  console.error(`Run ${runId} of ${run.jobKey} ${run.state.replace('_', ' ')}${because}`);
  return EXIT.yes;
}

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new CommandProblem(outcome.refusal.message);
}
