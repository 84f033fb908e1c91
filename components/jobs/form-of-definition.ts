import type { JobDefinition } from '#core/jobs/definition.ts';
import type { CommandConfig } from '#core/jobs/kinds/command.ts';
import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { CauseRule } from '#core/jobs/retry-rule.ts';
import { amountOf } from './amount.ts';
import {
  BYTES_PER_MB,
  emptyCommand,
  emptyHttp,
  emptySchedule,
  emptyScript,
  type CauseForm,
  type EditorForm,
  type KeptSchedule,
  type Pair,
  type ParameterForm,
} from './editor-form.ts';
import { failingForm } from './failing-form.ts';
import { messagesForm } from './messages-form.ts';
import { datesTyped, wallOfText } from './typed-dates.ts';

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
    tellParameters: definition.tellParameters,
    schedule: {
      ...emptySchedule(timeZone, now),
      type: schedule.type,
      ...(schedule.type === 'cron' && { lines: schedule.lines.map((text) => ({ text })) }),
      ...(schedule.type === 'interval' && {
        every: amountOf(schedule.everyMs),
        from: schedule.from ?? 'anchor',
        ...(schedule.from !== 'end' && { anchor: schedule.anchor.replace(/Z$/, '') }),
      }),
      ...(schedule.type !== 'manual' && limitsForm(schedule)),
      ...(schedule.type !== 'manual' && schedule.calendar && calendarForm(schedule.calendar)),
      ...(schedule.type === 'cron' && dialectForm(schedule)),
      ...(schedule.type === 'dates' && { dates: datesTyped(schedule.at, timeZone) }),
      kept: keptOf(schedule),
    },
    catchUp: definition.catchUp,
    catchUpMost: String(definition.catchUpMost),
    catchUpPerMinute: String(definition.catchUpPerMinute),
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
    failing: failingForm(definition.circuit, definition.autoPause),
    messages: messagesForm(definition.messages),
    runsOn: pairsOf(definition.runsOn),
    labels: pairsOf(definition.labels),
    owner: definition.owner,
    notes: definition.notes,
    runbookUrl: definition.runbookUrl,
    fields: pairsOf(definition.fields),
    retentionDays: textOf(definition.retentionDays),
    keepRuns: textOf(definition.keepRuns),
    logLimitMb: String(definition.logLimitBytes / BYTES_PER_MB),
    note: '',
  };
}

type Scheduled = Exclude<JobDefinition['schedule'], { type: 'manual' }>;

function limitsForm({ startsAt, endsAt, maxFires, jitterMs, timeZone }: Scheduled) {
  return {
    startsAt: startsAt === undefined ? '' : wallOfText(startsAt, timeZone),
    endsAt: endsAt === undefined ? '' : wallOfText(endsAt, timeZone),
    maxFires: textOf(maxFires ?? null),
    jitter: amountOf(jitterMs ?? null),
  };
}

function calendarForm({ key, rule, nth }: NonNullable<Scheduled['calendar']>) {
  return {
    calendar: key,
    calendarRule: rule,
    ...(nth && { calendarNth: nth.join(', ') }),
  };
}

function dialectForm({ dialect, dst }: Extract<Scheduled, { type: 'cron' }>) {
  return {
    ...(dialect && { dialect }),
    ...(dst && { dst, dstBy: 'own' as const }),
  };
}

function keptOf(schedule: JobDefinition['schedule']): KeptSchedule {
  switch (schedule.type) {
    case 'manual':
      return {};
    case 'interval': {
      const { type: _, everyMs: _every, anchor: _anchor, timeZone: _zone, ...kept } = schedule;
      return kept;
    }
    case 'dates': {
      const { type: _, timeZone: _zone, ...kept } = schedule;
      return kept;
    }
    case 'cron': {
      const { type: _, lines: _lines, timeZone: _zone, ...kept } = schedule;
      return kept;
    }
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
    isSensitive: parameter.isSensitive,
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

function pairsOf(record: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
