import { delimiter } from 'node:path';
import { fillSecrets } from '#core/jobs/kinds/template.ts';
import type { AttemptFolder } from './attempt-folder.ts';
import { traceparent } from '../trace.ts';
import type { Work } from '../kind.ts';

type Variable = { name: string; value: string };

// All that a process inherits from the worker: its own secrets (database address, signing secret) are not among them.
const INHERITED = ['HOME', 'LANG', 'LANGUAGE', 'TZ', 'USER', 'LOGNAME', 'SHELL'];
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of an attempt's process: a small base, then the job's variables, then what Punctual says of the run. */
export function processEnvironment(
  work: Work<unknown>,
  variables: readonly Variable[],
  folder: AttemptFolder,
): Record<string, string> {
  // Read once: each name of the process's own environment is a call to the system's library.
  inherited ??= inheritedFrom(process.env);
  return {
    ...inherited,
    TMPDIR: folder.temporary,
    ...Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    PUNCTUAL_JOB_KEY: work.jobKey,
    PUNCTUAL_RUN_ID: String(work.runId),
    PUNCTUAL_ATTEMPT: String(work.attempt),
    PUNCTUAL_TRIGGER: work.trigger,
    PUNCTUAL_TICK: work.scheduledFor.toISOString(),
    PUNCTUAL_FROM: work.stretch.from?.toISOString() ?? '',
    PUNCTUAL_TO: work.stretch.to.toISOString(),
    ...(work.trigger === 'test' ? { PUNCTUAL_TEST: '1' } : {}),
    PUNCTUAL_TRACE_ID: work.traceId,
    PUNCTUAL_RESULT: folder.result,
    PUNCTUAL_STATE: folder.state,
    ...(work.parameterFeed ? { PUNCTUAL_PARAMETERS_FILE: folder.parameters } : {}),
    TRACEPARENT: traceparent(work.traceId),
    ...Object.fromEntries(
      Object.entries(work.parameters).map(([name, value]) => [
        `PUNCTUAL_PARAM_${name.toUpperCase()}`,
        String(value),
      ]),
    ),
  };
}

/** The job's variables with {{secret.NAME}} filled in. */
export function withSecrets(
  variables: readonly Variable[],
  secrets: Readonly<Record<string, string>>,
): { ok: true; filled: Variable[] } | { ok: false; problem: string } {
  const filled: Variable[] = [];
  for (const { name, value } of variables) {
    const { text, problem } = fillSecrets(value, secrets);
    if (problem !== null) return { ok: false, problem };
    filled.push({ name, value: text });
  }
  return { ok: true, filled };
}

let inherited: Readonly<Record<string, string>> | undefined;

function inheritedFrom(workers: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(workers)) {
    if (value !== undefined && (INHERITED.includes(name) || name.startsWith('LC_'))) {
      environment[name] = value;
    }
  }
  environment.PATH = hostPath(workers.PATH);
  return environment;
}

// npm puts the folders of its own tools in front: how the worker was started must not change what a job finds.
function hostPath(path: string | undefined): string {
  const folders = (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !/[\\/]node_modules[\\/]/.test(`${folder}/`));
  return folders.length > 0 ? folders.join(delimiter) : USUAL_PATH;
}
