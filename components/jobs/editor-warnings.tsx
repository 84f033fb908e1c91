'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { Warning } from '#core/warnings/warning.ts';
import { askJson } from '#components/shell/fetch-json.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { definitionOf } from './definition-of-form.ts';
import type { EditorForm } from './editor-form.ts';
import { useSettled } from './use-schedule-ahead.ts';
import { useCoarseNow } from './use-schedule-tools.ts';
import { useZoneWords } from './zone-words.ts';

/** What to know before saving; nothing of it keeps anybody from saving. Empty while there is nothing to say. */
export function SaveWarnings({
  jobId,
  className,
}: {
  jobId: number | undefined;
  className?: string | undefined;
}) {
  const t = useTranslations('before');
  const { control } = useFormContext<EditorForm>();
  const { schedule, queue, overlap, retentionDays, key } = definitionOf(
    useWatch({ control }) as EditorForm,
  );
  const asked = useSettled(JSON.stringify({ schedule, queue, overlap, retentionDays, key, jobId }));
  // While something can't be read the server refuses the question; what is wrong is told at its field.
  const { data: warnings = [], isError, isSuccess } = useQuery(saveWarningsQuery(asked));
  const timeZone = schedule.type === 'manual' ? 'UTC' : schedule.timeZone;
  return (
    <section aria-label={t('warnings')} aria-live="polite">
      {!isError && warnings.length > 0 && (
        <div className={cn('mb-6', className)}>
          <h2 className="text-head">{t('warnings')}</h2>
          <ul className="mt-2 grid gap-3">
            {warnings.map((warning) => (
              <WarningItem key={warning.key} warning={warning} timeZone={timeZone} />
            ))}
          </ul>
          <p className="mt-2 text-meta text-pretty text-ink-3">{t('warningsLooked')}</p>
        </div>
      )}
      {isSuccess && warnings.length === 0 && schedule.type !== 'manual' && (
        <p className={cn('mb-6 text-meta text-pretty text-ink-3', className)}>
          {t('warningsNone')} {t('warningsLooked')}
        </p>
      )}
    </section>
  );
}

function WarningItem({ warning, timeZone }: { warning: Warning; timeZone: string }) {
  const { title, sentence, next } = useWarningWords(warning, timeZone);
  return (
    <li className="flex gap-2 text-table">
      <TriangleAlert aria-hidden className="mt-[3px] size-3.5 shrink-0 text-time-ink" />
      <p className="min-w-0 text-pretty">
        <b className="font-medium">{title}.</b> <span className="text-ink-2">{sentence}</span>{' '}
        {next}
      </p>
    </li>
  );
}

type Words = { title: string; sentence: ReactNode; next: string };

function useWarningWords(warning: Warning, timeZone: string): Words {
  const t = useTranslations('before.warning');
  const format = useFormatter();
  const zone = useZoneWords(timeZone);
  const nowMs = useCoarseNow();
  const { duration } = useTimeWords();
  const time = (at: string) => zone.time(Date.parse(at));
  switch (warning.key) {
    case 'ends_trial':
      return {
        title: t('ends_trial.title', { revision: warning.revision }),
        sentence: t('ends_trial.sentence'),
        next: t('ends_trial.next'),
      };
    case 'never_fires':
      return {
        title: t('never_fires.title'),
        sentence: t('never_fires.sentence'),
        next: t('never_fires.next'),
      };
    case 'only_leap_day':
      return {
        title: t('only_leap_day.title'),
        sentence: t('only_leap_day.sentence', { day: zone.day(Date.parse(warning.at), nowMs) }),
        next: t('only_leap_day.next'),
      };
    case 'missing_hour': {
      const { wall, rule, days } = warning;
      return {
        title: t('missing_hour.title', { wall }),
        sentence: t('missing_hour.sentence', { rule, days: format.list(days) }),
        next: t('missing_hour.next'),
      };
    }
    case 'slower_than_interval': {
      const { longMs, everyMs, enoughMs, overlap } = warning;
      return {
        title: t('slower_than_interval.title'),
        sentence: t('slower_than_interval.sentence', {
          overlap,
          long: duration(longMs),
          every: duration(everyMs),
        }),
        next: t('slower_than_interval.next', { enough: duration(enoughMs) }),
      };
    }
    case 'collides': {
      const { jobs, named, queue, slots, at, minute, jobsThen } = warning;
      return {
        title: t('collides.title', { jobs }),
        sentence: t.rich('collides.sentence', {
          queue,
          slots,
          time: time(at),
          hasNames: String(named.length > 0),
          more: jobs - named.length,
          jobs: () => <JobLinks keys={named} />,
        }),
        next: t('collides.next', { free: minute ?? 'none', jobsThen }),
      };
    }
    case 'over_capacity': {
      const { queue, slots, at, neededMs, haveMs, ownMs, isAssumed, roomAt } = warning;
      return {
        title: t('over_capacity.title', { queue }),
        sentence: t('over_capacity.sentence', {
          slots,
          time: time(at),
          needed: duration(neededMs),
          have: duration(haveMs),
          own: duration(ownMs),
          assumed: String(isAssumed),
        }),
        next: t('over_capacity.next', {
          hasRoom: String(roomAt !== null),
          room: roomAt === null ? '' : time(roomAt),
        }),
      };
    }
    case 'many_rows': {
      const { rowsADay, keptDays, rows } = warning;
      return {
        title: t('many_rows.title', { rowsADay, keptDays }),
        sentence: t('many_rows.sentence', { rows }),
        next: t('many_rows.next'),
      };
    }
  }
}

function JobLinks({ keys }: { keys: readonly string[] }) {
  return keys.map((key, index) => (
    <Fragment key={key}>
      {index > 0 && ', '}
      <Link
        href={`/jobs/${key}`}
        target="_blank"
        className="font-mono text-meta text-accent underline underline-offset-2"
      >
        {key}
      </Link>
    </Fragment>
  ));
}

const saveWarningsQuery = (asked: string) =>
  queryOptions({
    queryKey: ['save-warnings', asked] as const,
    queryFn: ({ signal }) =>
      askJson<Warning[]>('/api/console/save-warnings', JSON.parse(asked) as object, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
