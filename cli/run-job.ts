import type { Actor } from '#core/auth/permissions.ts';
import { findJob } from '#core/jobs/find-job.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import { readDefinition } from '#core/jobs/read-job.ts';
import { readRun } from '#core/runs/read-run.ts';
import type { RunSummary } from '#core/runs/summary.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { followRun } from './follow-run.ts';
import {
  CommandProblem,
  EXIT,
  type Exit,
  type Installation,
  inInstallation,
} from './installation.ts';
import { givenParameters } from './parameters.ts';
import { interruption } from './patience.ts';
import { runView } from './run-view.ts';
import { terminalTimeWords } from './time-words.ts';

export type RunOptions = {
  param: string[];
  note?: string;
  wait?: boolean;
  test?: boolean;
  as?: string;
  json?: boolean;
};

/** Triggers the job, says so, and follows the run to its end where that is asked for. */
export async function runJob(key: string, options: RunOptions): Promise<void> {
  await inInstallation(options, async (installation) => {
    const { runId, waitsForResume } = await trigger(installation.actor, key, options);
    if (waitsForResume) {
      console.error(
        'Everything is paused: the run waits until somebody resumes it in the console.',
      );
    }
    return options.wait
      ? waitForEnd(installation, runId, options)
      : tellMade(installation.actor, key, runId, options);
  });
}

async function trigger(actor: Actor, key: string, { param, note = '', test }: RunOptions) {
  const job = await findJob(actor, key);
  if (!job.ok) throw new CommandProblem(job.refusal.message);
  const known = param.length > 0 ? await parametersOf(actor, key) : [];
  const parameters = givenParameters(param, known);
  const { jobId } = job.value;
  const made = await triggerJob(actor, { jobId, parameters, note, isTest: test === true });
  if (!made.ok) throw new CommandProblem(made.refusal.message);
  return made.value;
}

async function parametersOf(actor: Actor, key: string): Promise<readonly Parameter[]> {
  const saved = await readDefinition(actor, key);
  if (!saved.ok) throw new CommandProblem(saved.refusal.message);
  return saved.value.definition.parameters;
}

async function tellMade(
  actor: Actor,
  key: string,
  runId: number,
  { json, test }: RunOptions,
): Promise<Exit> {
  if (json) {
    const made = await readRun(actor, runId);
    if (!made.ok) throw new CommandProblem(made.refusal.message);
    process.stdout.write(`${JSON.stringify(runView(made.value.run))}\n`);
  } else {
    process.stdout.write(
      `${test ? 'Test run' : 'Run'} ${runId} of ${key} is queued. punctual logs ${runId} -f follows it.\n`,
    );
  }
  return EXIT.yes;
}

async function waitForEnd(
  { actor, directUrl }: Installation,
  runId: number,
  { json }: RunOptions,
): Promise<Exit> {
  const signal = interruption();
  const words = terminalTimeWords();
  const last = await followRun(actor, directUrl, runId, signal, (run, nowMs) => {
    const line = json
      ? JSON.stringify(runView(run))
      : `${words.absolute(nowMs, nowMs, 'seconds')}  ${stateWords(run)}`;
    process.stdout.write(`${line}\n`);
  });
  if (last === null) {
    console.error(
      `Stopped waiting. Run ${runId} goes on: punctual logs ${runId} -f follows it, and the console can cancel it.`,
    );
    return EXIT.interrupted;
  }
  return last.state === 'succeeded' ? EXIT.yes : EXIT.no;

  function stateWords(run: RunSummary): string {
    const attempt = run.attempts > 1 ? `, attempt ${run.attempts}` : '';
    const because = run.cause ? `: ${run.cause}` : '';
    switch (run.state) {
      case 'queued':
        return run.attempts === 0
          ? `run ${run.id} of ${run.jobKey} is queued`
          : `attempt ${run.attempts} ended badly; the next one is to start ${words.absolute(Date.parse(run.dueAt), Date.now())}`;
      case 'running':
        return `running${attempt}${run.worker ? ` on ${run.worker.name}` : ''}`;
      case 'skipped':
        return `skipped (${run.skipReason})${because}`;
      case 'succeeded':
      case 'failed':
      case 'timed_out':
      case 'lost':
      case 'cancelled': {
        const took = run.durationMs === null ? '' : ` after ${words.duration(run.durationMs)}`;
        return `${run.state.replace('_', ' ')}${attempt}${took}${because}`;
      }
    }
  }
}
