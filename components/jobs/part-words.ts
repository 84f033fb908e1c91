'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import type { CircuitRule } from '#core/circuits/circuit-rule.ts';
import type { CauseRule } from '#core/jobs/retry-rule.ts';
import type { JobMessages } from '#core/messages/rule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { PartId } from './definition-parts.ts';
import { useSchedulePartWords } from './use-schedule-part-words.ts';

/** Parts that are texts of several lines: their difference is shown by line. */
export const isText = (part: PartId): boolean =>
  part === 'work.text' || part === 'work.body' || part === 'notes';

/** Parts that machines read: mono. */
export const isCode = (part: PartId): boolean => codeParts.has(part);

const codeParts: ReadonlySet<PartId> = new Set<PartId>([
  'key',
  'queue',
  'work',
  'work.method',
  'work.url',
  'work.headers',
  'work.body',
  'work.expectedStatuses',
  'work.program',
  'work.args',
  'work.cwd',
  'work.environment',
  'work.text',
  'schedule.lines',
]);

/** The names of a definition's parts, and their values as lines of words. */
export function usePartWords() {
  const t = useTranslations('job');
  const time = useTimeWords();
  const locale = useLocale();
  const schedule = useSchedulePartWords();
  return useMemo(() => {
    const numbers = new Intl.NumberFormat(locale);
    const duration = (ms: unknown) => time.duration(Number(ms));
    const orNone = (lines: string[]) => (lines.length === 0 ? [t('value.none')] : lines);
    const pairs = (value: unknown, between: string) =>
      orNone(
        (Array.isArray(value)
          ? (value as { name: string; value: string }[]).map((one) => [one.name, one.value])
          : Object.entries(value as Record<string, string>)
        ).map(([name, of]) => (of === '' ? `${name}` : `${name}${between}${of}`)),
      );

    const parameter = ({ name, type, default: given, choices, isSensitive }: Parameter) =>
      t('value.parameter', {
        name,
        type: type === 'choice' ? choices.join(' | ') : t(`value.type.${type}`),
        default: given === null ? t('value.noDefault') : JSON.stringify(given),
        isSensitive: String(isSensitive),
      });

    const cause = (rule: CauseRule) =>
      t('value.causeRule', {
        cause: t(`value.cause.${rule.cause}`, {
          codes: 'codes' in rule ? rule.codes : '',
          word: 'word' in rule ? rule.word : '',
        }),
        answer: t(`value.answer.${rule.answer}`),
      });

    const circuit = (rule: CircuitRule) => [
      t('value.circuit', { failures: rule.failures, within: duration(rule.withinMs) }),
      t('value.circuitOpen', {
        open: duration(rule.openMs),
        longest: duration(rule.longestOpenMs),
      }),
      ...(rule.per === 'host' ? [t('value.circuitOfHost')] : []),
    ];

    const autoPause = ({ inRow, rate, errorLines, pauseMs }: AutoPauseRule) => [
      ...(inRow === null ? [] : [t('value.pauseInRow', { runs: inRow })]),
      ...(rate === null
        ? []
        : [
            t('value.pauseRate', {
              percent: rate.percent,
              runs: rate.leastRuns,
              within: duration(rate.withinMs),
            }),
          ]),
      ...(errorLines === null
        ? []
        : [
            t('value.pauseLines', {
              lines: errorLines.lines,
              within: duration(errorLines.withinMs),
            }),
          ]),
      ...(pauseMs === null ? [] : [t('value.pauseEnds', { length: duration(pauseMs) })]),
    ];

    const messages = ({ use, channels, on, remindHours }: JobMessages) =>
      use === 'channels'
        ? [
            channels.join(', '),
            on.map((told) => t(`value.messages.told.${told}`)).join(', '),
            ...(remindHours === null ? [] : [t('value.messages.remind', { hours: remindHours })]),
          ]
        : [t(`value.messages.${use}`)];

    const value = (part: PartId, of: unknown): string[] => {
      if (of === undefined) return [t('value.none')];
      const ofSchedule = schedule.value(part, of);
      if (ofSchedule !== null) return orNone(ofSchedule);
      switch (part) {
        case 'work':
          return workLines(of as JobDefinition['work'], (kind) => t(`value.kind.${kind}`));
        case 'schedule':
          return [
            ...scheduleLines(of as Schedule, t('value.manual'), duration),
            ...schedule.rest(of as Schedule),
          ];
        case 'schedule.lines':
        case 'work.args':
          return orNone((of as string[]).map((line) => (line === '' ? '""' : line)));
        case 'work.headers':
          return pairs(of, ': ');
        case 'work.environment':
        case 'labels':
        case 'runsOn':
          return pairs(of, '=');
        case 'fields':
          return pairs(of, ': ');
        case 'parameters':
          return orNone((of as Parameter[]).map(parameter));
        case 'retry.byCause':
          return orNone((of as CauseRule[]).map(cause));
        case 'retry.backoff':
          return [t(`value.backoff.${of as JobDefinition['retry']['backoff']}`)];
        case 'overlap':
          return [t(`value.overlap.${of as JobDefinition['overlap']}`)];
        case 'catchUp':
          return [t(`value.catchUp.${of as JobDefinition['catchUp']}`)];
        case 'tellParameters':
          return [t(of === true ? 'yes' : 'no')];
        case 'circuit':
          return of === null ? [t('value.none')] : circuit(of as CircuitRule);
        case 'autoPause':
          return of === null ? [t('value.never')] : autoPause(of as AutoPauseRule);
        case 'messages':
          return messages(of as JobMessages);
        case 'mayRunTwice':
          return [t(of === true ? 'value.mayRunTwice' : 'value.notTwice')];
        case 'timeoutMs':
          return [of === null ? t('value.timeoutOfQueue') : duration(of)];
        case 'startDeadlineMs':
        case 'schedule.everyMs':
        case 'retry.delayMs':
        case 'retry.maxDelayMs':
          return [duration(of)];
        case 'retry.withinMs':
          return [of === null ? t('value.noBound') : duration(of)];
        case 'maxParallel':
          return [of === null ? t('value.noLimit') : t('value.atOnce', { count: Number(of) })];
        case 'retentionDays':
          return [of === null ? t('value.asInstallation') : t('value.days', { count: Number(of) })];
        case 'keepRuns':
          return [of === null ? t('value.allRuns') : numbers.format(Number(of))];
        case 'logLimitBytes':
          return [t('value.megabytes', { number: numbers.format(Number(of) / 1e6) })];
        case 'priority':
          return [
            t('value.priority', { level: Number(of) > 0 ? `+${Number(of)}` : String(Number(of)) }),
          ];
        default:
          return of === '' ? [t('value.none')] : plain(of).split('\n');
      }
    };
    return {
      name: (part: PartId): string => {
        if (part === 'work' || part === 'schedule') return t(`part.${part}.all`);
        return t(`part.${part}`);
      },
      value,
      /** What `value` says where there is nothing. */
      none: t('value.none'),
    };
  }, [t, time, locale, schedule]);
}

const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function workLines(
  work: JobDefinition['work'],
  kindName: (kind: JobDefinition['work']['kind']) => string,
): string[] {
  switch (work.kind) {
    case 'http':
      return [`${kindName('http')}: ${work.method} ${work.url}`];
    case 'command':
      return [`${kindName('command')}: ${[work.program, ...work.args].join(' ')}`];
    case 'script':
      return [`${kindName('script')}: ${work.interpreter}`, ...work.text.trimEnd().split('\n')];
  }
}

function scheduleLines(
  schedule: Schedule,
  manual: string,
  duration: (ms: number) => string,
): string[] {
  switch (schedule.type) {
    case 'manual':
      return [manual];
    case 'interval':
      return [duration(schedule.everyMs), schedule.timeZone];
    case 'dates':
      return [schedule.timeZone];
    case 'cron':
      return [...schedule.lines, schedule.timeZone];
  }
}
