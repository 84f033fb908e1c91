import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { CauseRule } from '#core/jobs/retry-rule.ts';
import type { ScheduleCalendar } from '#core/schedules/calendars/calendar-rule.ts';
import { RULES_OF } from '#core/schedules/calendars/rules.ts';
import { DST_OF_DIALECT } from '#core/schedules/dialects/dialect.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { numberOf } from '#components/ui/typed-number.ts';
import { msOf } from './amount.ts';
import {
  BYTES_PER_MB,
  type CauseForm,
  type EditorForm,
  type Pair,
  type ParameterForm,
} from './editor-form.ts';
import { failingOf } from './failing-form.ts';
import { messagesOf } from './messages-form.ts';
import { datesOf, instantText } from './typed-dates.ts';

/** The definition that the form stands for, not yet checked: a number that can't be read is NaN. */
export function definitionOf(form: EditorForm): JobDefinitionInput {
  return {
    key: form.key.trim(),
    work: workOf(form),
    schedule: scheduleOf(form.schedule),
    catchUp: form.catchUp,
    catchUpMost: shownOr(form.catchUp === 'all', numberOf(form.catchUpMost), 100),
    catchUpPerMinute: shownOr(form.catchUp === 'all', numberOf(form.catchUpPerMinute), 60),
    startDeadlineMs: msOf(form.startDeadline) ?? Number.NaN,
    queue: form.queue,
    priority: Number(form.priority),
    timeoutMs: msOf(form.timeout),
    overlap: form.overlap,
    maxParallel: shownOr(form.overlap === 'allow', wholeOrNull(form.maxParallel), null),
    // An answer that wasn't given must not become one: the schema then asks for it.
    mayRunTwice: { yes: true, no: false, '': undefined }[form.mayRunTwice] as boolean,
    retry: retryOf(form.retry),
    ...failingOf(form.failing),
    messages: messagesOf(form.messages),
    parameters: form.parameters.map(parameterOf),
    tellParameters: form.tellParameters,
    runsOn: recordOf(form.runsOn),
    labels: recordOf(form.labels),
    owner: form.owner,
    notes: form.notes,
    runbookUrl: form.runbookUrl.trim(),
    fields: recordOf(form.fields),
    retentionDays: wholeOrNull(form.retentionDays),
    keepRuns: wholeOrNull(form.keepRuns),
    logLimitBytes: Math.round(numberOf(form.logLimitMb) * BYTES_PER_MB),
  };
}

export function scheduleOf(form: EditorForm['schedule']): Schedule {
  const { kept, timeZone } = form;
  const limits = limitsOf(form);
  switch (form.type) {
    case 'manual':
      return { type: 'manual' };
    case 'interval':
      if (form.from === 'end') {
        const { startsAt, endsAt } = limits;
        return {
          type: 'interval',
          from: 'end',
          everyMs: msOf(form.every) ?? Number.NaN,
          timeZone,
          ...(startsAt !== undefined && { startsAt }),
          ...(endsAt !== undefined && { endsAt }),
        };
      }
      return {
        type: 'interval',
        ...(kept.from === 'anchor' && { from: 'anchor' }),
        everyMs: msOf(form.every) ?? Number.NaN,
        // A browser leaves the seconds out when they are zero.
        anchor: `${form.anchor.replace(/T\d\d:\d\d$/, '$&:00')}Z`,
        timeZone,
        ...limits,
      };
    case 'dates':
      return { type: 'dates', at: datesOf(form.dates, timeZone, kept.at), timeZone, ...limits };
    case 'cron':
      return {
        type: 'cron',
        lines: form.lines.map(({ text }) => text.trim()),
        timeZone,
        // Without one it is a crontab's: said only where it was said before.
        ...((form.dialect !== 'unix' || kept.dialect === 'unix') && { dialect: form.dialect }),
        ...(form.dstBy === 'own' && { dst: form.dst ?? DST_OF_DIALECT[form.dialect] }),
        ...limits,
      };
  }
}

function limitsOf(form: EditorForm['schedule']) {
  const { startsAt, endsAt, maxFires, jitter, timeZone, kept } = form;
  const jitterMs = msOf(jitter);
  const calendar = calendarOf(form);
  return {
    ...(calendar && { calendar }),
    ...(startsAt !== '' && { startsAt: instantText(startsAt, timeZone, kept.startsAt) }),
    ...(endsAt !== '' && { endsAt: instantText(endsAt, timeZone, kept.endsAt) }),
    ...(maxFires.trim() !== '' && { maxFires: numberOf(maxFires) }),
    ...(jitterMs !== null && { jitterMs }),
    ...(kept.jitterSeed !== undefined && { jitterSeed: kept.jitterSeed }),
  };
}

/** Of which revision is filled in by saving; one that was saved is kept, so that nothing seems to have changed. */
function calendarOf({
  type,
  calendar: key,
  calendarRule,
  calendarNth,
  kept,
}: EditorForm['schedule']): ScheduleCalendar | null {
  if (key === '' || type === 'manual') return null;
  const before = kept.calendar?.key === key ? kept.calendar : undefined;
  const rules: readonly ScheduleCalendar['rule'][] = RULES_OF[type];
  const rule = rules.includes(calendarRule) ? calendarRule : 'skip';
  const nth = rule === 'nth' ? numbersIn(calendarNth) : before?.rule === rule ? before.nth : null;
  return {
    key,
    ...(before?.revision !== undefined && { revision: before.revision }),
    rule,
    ...(nth && { nth }),
  };
}

function numbersIn(typed: string): number[] {
  return typed
    .replaceAll('−', '-')
    .split(/[\s,;]+/)
    .filter((text) => text !== '')
    .map(Number);
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
    isSensitive: type === 'text' && form.isSensitive,
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

/** Lines without a name and a value are lines that nobody filled in. */
export function recordOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter(({ name, value }) => name.trim() !== '' || value !== '')
      .map(({ name, value }) => [name.trim(), value]),
  );
}

function wholeOrNull(typed: string): number | null {
  return typed.trim() === '' ? null : numberOf(typed);
}
