import type { JobDefinition, OverlapRule } from '#core/jobs/definition.ts';
import type { CommandConfig } from '#core/jobs/kinds/command.ts';
import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { CauseRule, RetryRule } from '#core/jobs/retry-rule.ts';
import type { ScheduleCalendar } from '#core/schedules/calendars/calendar-rule.ts';
import type { Dialect } from '#core/schedules/dialects/dialect.ts';
import type { DstRule } from '#core/schedules/dst-rule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { amountOf, type Amount } from './amount.ts';
import { failingForm, type FailingForm } from './failing-form.ts';
import { messagesForm, type MessagesForm } from './messages-form.ts';

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
  tellParameters: boolean;
  schedule: {
    type: Schedule['type'];
    dialect: Dialect;
    lines: { text: string }[];
    /** What was typed in the other dialects. */
    otherLines: Partial<Record<Dialect, string[]>>;
    timeZone: string;
    dstBy: 'dialect' | 'own';
    /** Under `own`; null until one was chosen. */
    dst: DstRule | null;
    every: Amount;
    /** What an interval counts from. */
    from: 'anchor' | 'end';
    /** As a datetime-local input has it, in UTC: 2026-11-21T00:00:00. */
    anchor: string;
    /** One a line, in the job's zone: 2027-03-29 09:00. */
    dates: string;
    /** As a datetime-local input has it, in the job's zone; empty for none. */
    startsAt: string;
    endsAt: string;
    maxFires: string;
    jitter: Amount;
    /** Key of the calendar of business days; empty for none. */
    calendar: string;
    calendarRule: ScheduleCalendar['rule'];
    /** Under `nth`: 1, -1. */
    calendarNth: string;
    /** What was saved: where the form still means it, or has no control for it, it is saved as it was. */
    kept: KeptSchedule;
  };
  catchUp: JobDefinition['catchUp'];
  catchUpMost: string;
  catchUpPerMinute: string;
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
  failing: FailingForm;
  messages: MessagesForm;
  runsOn: Pair[];
  labels: Pair[];
  owner: string;
  notes: string;
  runbookUrl: string;
  fields: Pair[];
  retentionDays: string;
  keepRuns: string;
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
  isSensitive: boolean;
};

export type CauseForm = {
  cause: CauseRule['cause'];
  codes: string;
  word: string;
  answer: CauseRule['answer'];
};

export const BYTES_PER_MB = 1_000_000;

/** The form of a job that doesn't exist yet. `mayRunTwice` is left open on purpose. */
export function emptyForm(now: Date): EditorForm {
  return {
    key: '',
    kind: 'http',
    http: emptyHttp(),
    command: emptyCommand(),
    script: emptyScript(),
    parameters: [],
    tellParameters: false,
    schedule: emptySchedule('UTC', now),
    catchUp: 'latest',
    catchUpMost: '100',
    catchUpPerMinute: '60',
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
    failing: failingForm(null, null),
    messages: messagesForm(null),
    runsOn: [],
    labels: [],
    owner: '',
    notes: '',
    runbookUrl: '',
    fields: [],
    retentionDays: '',
    keepRuns: '',
    logLimitMb: '10',
    note: '',
  };
}

export function emptyHttp(): EditorForm['http'] {
  return {
    method: 'GET',
    url: '',
    headers: [],
    body: '',
    expectedStatuses: '200-299',
    maxRedirects: '0',
  };
}

export function emptyCommand(): EditorForm['command'] {
  return { program: '', args: [], cwd: '', environment: [] };
}

export function emptyScript(): EditorForm['script'] {
  return { interpreter: 'sh', text: '', environment: [] };
}

export function emptySchedule(timeZone: string, now: Date): EditorForm['schedule'] {
  return {
    type: 'cron',
    dialect: 'unix',
    lines: [{ text: '' }],
    otherLines: {},
    timeZone,
    dstBy: 'dialect',
    dst: null,
    every: { amount: '10', unit: 'min' },
    from: 'anchor',
    anchor: `${now.toISOString().slice(0, 10)}T00:00:00`,
    dates: '',
    startsAt: '',
    endsAt: '',
    maxFires: '',
    jitter: amountOf(null),
    calendar: '',
    calendarRule: 'skip',
    calendarNth: '1',
    kept: {},
  };
}

/** What a schedule says beside its lines or its interval: its bounds, its jitter, its calendar, its dates. */
export type KeptSchedule = Partial<
  Omit<Extract<Schedule, { type: 'cron' }>, 'type' | 'lines' | 'timeZone'> &
    Pick<Extract<Schedule, { type: 'dates' }>, 'at'> &
    Pick<Extract<Schedule, { type: 'interval' }>, 'from'>
>;
