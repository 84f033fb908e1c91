import type { JobDefinition, JobDefinitionInput, OverlapRule } from '#core/jobs/definition.ts';
import type { CommandConfig } from '#core/jobs/kinds/command.ts';
import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { CauseRule, RetryRule } from '#core/jobs/retry-rule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { amountOf, msOf, numberOf, type Amount } from './amount.ts';

/**
 * A definition as the editor's controls hold it: what is typed stays as it was typed, also when it is wrong. The
 * values of all kinds and of all ways to schedule stand side by side, so that trying another one loses nothing.
 */
export type EditorForm = {
  key: string;
  kind: JobDefinition['work']['kind'];
  http: Omit<HttpConfig, 'kind' | 'maxRedirects'> & { maxRedirects: string };
  command: Omit<CommandConfig, 'kind' | 'args'> & { args: { value: string }[] };
  script: Omit<ScriptConfig, 'kind'>;
  parameters: ParameterForm[];
  schedule: {
    type: Schedule['type'];
    lines: { text: string }[];
    timeZone: string;
    every: Amount;
    /** As a datetime-local input has it, in UTC: 2026-11-21T00:00:00. */
    anchor: string;
  };
  catchUp: JobDefinition['catchUp'];
  startDeadline: Amount;
  queue: string;
  priority: string;
  timeout: Amount;
  overlap: OverlapRule;
  maxParallel: string;
  /** Asked of every job: empty until it is answered. */
  mayRunTwice: 'yes' | 'no' | '';
  retry: {
    backoff: RetryRule['backoff'];
    maxAttempts: string;
    delay: Amount;
    maxDelay: Amount;
    within: Amount;
    byCause: CauseForm[];
  };
  runsOn: Pair[];
  labels: Pair[];
  owner: string;
  notes: string;
  runbookUrl: string;
  fields: Pair[];
  retentionDays: string;
  logLimitMb: string;
  /** Why it is changed; kept with the revision, no part of the definition. */
  note: string;
};

export type Pair = { name: string; value: string };

export type ParameterForm = {
  name: string;
  type: Parameter['type'];
  description: string;
  hasDefault: boolean;
  default: string;
  /** One a line. */
  choices: string;
};

export type CauseForm = {
  cause: CauseRule['cause'];
  codes: string;
  word: string;
  answer: CauseRule['answer'];
};

const BYTES_PER_MB = 1_000_000;

/** The form of a job that doesn't exist yet. `mayRunTwice` is left open on purpose. */
export function emptyForm(timeZone: string, now: Date): EditorForm {
  return {
    key: '',
    kind: 'http',
    http: emptyHttp(),
    command: emptyCommand(),
    script: emptyScript(),
    parameters: [],
    schedule: emptySchedule(timeZone, now),
    catchUp: 'latest',
    startDeadline: { amount: '1', unit: 'd' },
    queue: 'default',
    priority: '0',
    timeout: amountOf(null),
    overlap: 'skip',
    maxParallel: '',
    mayRunTwice: '',
    retry: {
      backoff: 'none',
      maxAttempts: '3',
      delay: { amount: '10', unit: 's' },
      maxDelay: { amount: '1', unit: 'h' },
      within: amountOf(null, 'h'),
      byCause: [],
    },
    runsOn: [],
    labels: [],
    owner: '',
    notes: '',
    runbookUrl: '',
    fields: [],
    retentionDays: '',
    logLimitMb: '10',
    note: '',
  };
}

/** A saved definition in the form's words; `definitionOf` gives it back unchanged. */
export function formOf(definition: JobDefinition, now: Date): EditorForm {
  const { work, schedule, retry } = definition;
  const timeZone = schedule.type === 'manual' ? 'UTC' : schedule.timeZone;
  return {
    key: definition.key,
    kind: work.kind,
    http: work.kind === 'http' ? httpForm(work) : emptyHttp(),
    command: work.kind === 'command' ? commandForm(work) : emptyCommand(),
    script:
      work.kind === 'script'
        ? { interpreter: work.interpreter, text: work.text, environment: work.environment }
        : emptyScript(),
    parameters: definition.parameters.map(parameterForm),
    schedule: {
      ...emptySchedule(timeZone, now),
      type: schedule.type,
      ...(schedule.type === 'cron' && { lines: schedule.lines.map((text) => ({ text })) }),
      ...(schedule.type === 'interval' && {
        every: amountOf(schedule.everyMs),
        anchor: schedule.anchor.replace(/Z$/, ''),
      }),
    },
    catchUp: definition.catchUp,
    startDeadline: amountOf(definition.startDeadlineMs),
    queue: definition.queue,
    priority: String(definition.priority),
    timeout: amountOf(definition.timeoutMs),
    overlap: definition.overlap,
    maxParallel: textOf(definition.maxParallel),
    mayRunTwice: definition.mayRunTwice ? 'yes' : 'no',
    retry: {
      backoff: retry.backoff,
      maxAttempts: String(retry.maxAttempts),
      delay: amountOf(retry.delayMs),
      maxDelay: amountOf(retry.maxDelayMs),
      within: amountOf(retry.withinMs, 'h'),
      byCause: retry.byCause.map(causeForm),
    },
    runsOn: pairsOf(definition.runsOn),
    labels: pairsOf(definition.labels),
    owner: definition.owner,
    notes: definition.notes,
    runbookUrl: definition.runbookUrl,
    fields: pairsOf(definition.fields),
    retentionDays: textOf(definition.retentionDays),
    logLimitMb: String(definition.logLimitBytes / BYTES_PER_MB),
    note: '',
  };
}

/** The definition that the form stands for, not yet checked: a number that can't be read is NaN. */
export function definitionOf(form: EditorForm): JobDefinitionInput {
  return {
    key: form.key.trim(),
    work: workOf(form),
    schedule: scheduleOf(form.schedule),
    catchUp: form.catchUp,
    startDeadlineMs: msOf(form.startDeadline) ?? Number.NaN,
    queue: form.queue,
    priority: Number(form.priority),
    timeoutMs: msOf(form.timeout),
    overlap: form.overlap,
    maxParallel: shownOr(form.overlap === 'allow', wholeOrNull(form.maxParallel), null),
    // An answer that wasn't given must not become one: the schema then asks for it.
    mayRunTwice: { yes: true, no: false, '': undefined }[form.mayRunTwice] as boolean,
    retry: retryOf(form.retry),
    parameters: form.parameters.map(parameterOf),
    runsOn: recordOf(form.runsOn),
    labels: recordOf(form.labels),
    owner: form.owner,
    notes: form.notes,
    runbookUrl: form.runbookUrl.trim(),
    fields: recordOf(form.fields),
    retentionDays: wholeOrNull(form.retentionDays),
    logLimitBytes: Math.round(numberOf(form.logLimitMb) * BYTES_PER_MB),
  };
}

export function scheduleOf(form: EditorForm['schedule']): Schedule {
  switch (form.type) {
    case 'manual':
      return { type: 'manual' };
    case 'interval':
      return {
        type: 'interval',
        everyMs: msOf(form.every) ?? Number.NaN,
        // A browser leaves the seconds out when they are zero.
        anchor: `${form.anchor.replace(/T\d\d:\d\d$/, '$&:00')}Z`,
        timeZone: form.timeZone,
      };
    case 'cron':
      return {
        type: 'cron',
        lines: form.lines.map(({ text }) => text.trim()),
        timeZone: form.timeZone,
      };
  }
}

function workOf({ kind, http, command, script }: EditorForm): JobDefinitionInput['work'] {
  switch (kind) {
    case 'http':
      return { kind, ...http, maxRedirects: numberOf(http.maxRedirects) };
    case 'command':
      return { kind, ...command, args: command.args.map(({ value }) => value) };
    case 'script':
      return { kind, ...script };
  }
}

function retryOf(form: EditorForm['retry']): JobDefinitionInput['retry'] {
  const isAgain = form.backoff !== 'none';
  return {
    backoff: form.backoff,
    maxAttempts: shownOr(isAgain, numberOf(form.maxAttempts), 1),
    delayMs: shownOr(isAgain, msOf(form.delay) ?? Number.NaN, 10_000),
    maxDelayMs: shownOr(
      form.backoff === 'exponential',
      msOf(form.maxDelay) ?? Number.NaN,
      3_600_000,
    ),
    withinMs: shownOr(isAgain || form.byCause.length > 0, msOf(form.within), null),
    byCause: form.byCause.map(causeOf),
  };
}

/** What can't be read in a control that the form doesn't show now must not stop anybody from saving. */
function shownOr<Value extends number | null>(
  isShown: boolean,
  value: Value,
  instead: Value,
): Value {
  return isShown || !Number.isNaN(value) ? value : instead;
}

function parameterOf(form: ParameterForm): Parameter {
  const { name, type, description } = form;
  return {
    name: name.trim(),
    type,
    description,
    default: form.hasDefault ? defaultOf(form) : null,
    choices: type === 'choice' ? choicesOf(form.choices) : [],
  };
}

function defaultOf({ type, default: typed }: ParameterForm): Parameter['default'] {
  if (type === 'number') return numberOf(typed);
  if (type === 'boolean') return typed === 'true';
  return typed;
}

export function choicesOf(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function causeOf({ cause, codes, word, answer }: CauseForm): CauseRule {
  switch (cause) {
    case 'exit_code':
    case 'http_status':
      return { cause, codes, answer };
    case 'output':
      return { cause, word, answer };
    default:
      return { cause, answer };
  }
}

function httpForm({ kind: _, ...work }: HttpConfig): EditorForm['http'] {
  return { ...work, maxRedirects: String(work.maxRedirects) };
}

function commandForm({ kind: _, ...work }: CommandConfig): EditorForm['command'] {
  return { ...work, args: work.args.map((value) => ({ value })) };
}

function parameterForm(parameter: Parameter): ParameterForm {
  return {
    name: parameter.name,
    type: parameter.type,
    description: parameter.description,
    hasDefault: parameter.default !== null,
    default: parameter.default === null ? '' : String(parameter.default),
    choices: parameter.choices.join('\n'),
  };
}

function causeForm(rule: CauseRule): CauseForm {
  return {
    cause: rule.cause,
    codes: 'codes' in rule ? rule.codes : '',
    word: 'word' in rule ? rule.word : '',
    answer: rule.answer,
  };
}

function emptyHttp(): EditorForm['http'] {
  return {
    method: 'GET',
    url: '',
    headers: [],
    body: '',
    expectedStatuses: '200-299',
    maxRedirects: '0',
  };
}

function emptyCommand(): EditorForm['command'] {
  return { program: '', args: [], cwd: '', environment: [] };
}

function emptyScript(): EditorForm['script'] {
  return { interpreter: 'sh', text: '', environment: [] };
}

function emptySchedule(timeZone: string, now: Date): EditorForm['schedule'] {
  return {
    type: 'cron',
    lines: [{ text: '' }],
    timeZone,
    every: { amount: '10', unit: 'min' },
    anchor: `${now.toISOString().slice(0, 10)}T00:00:00`,
  };
}

function pairsOf(record: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

/** Lines without a name and a value are lines that nobody filled in. */
function recordOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter(({ name, value }) => name.trim() !== '' || value !== '')
      .map(({ name, value }) => [name.trim(), value]),
  );
}

function wholeOrNull(typed: string): number | null {
  return typed.trim() === '' ? null : numberOf(typed);
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
