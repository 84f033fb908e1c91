'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { JobDefinition as Definition } from '#core/jobs/definition.ts';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { definitionParts, type PartId } from './definition-parts.ts';
import { editorSections, sectionOfPart } from './editor-problems.ts';
import { Runbook } from './job-aside.tsx';
import { jobQuery, type JobName } from './job-queries.ts';
import { isCode, isText, usePartWords } from './part-words.ts';
import { ScheduleLines } from './schedule-lines.tsx';

// Markdown is heavy, and most jobs have short notes or none.
const Markdown = dynamic(() => import('./markdown.tsx').then((file) => file.Markdown), {
  loading: () => <Skeleton className="h-4 w-1/2" />,
});

/** All that the current revision says, in the order of the editor. */
export function JobDefinition({ name }: { name: JobName }) {
  const t = useTranslations('job');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const { definition } = job;
  if (!definition) {
    return (
      <EmptyState title={t('definitionUnreadable')}>{t('definitionUnreadableHint')}</EmptyState>
    );
  }
  return (
    <div className="max-w-4xl pt-4">
      <p className="text-table text-ink-2">
        {t.rich('definitionOf', {
          revision: job.revision,
          by: job.savedBy,
          at: () => <AbsoluteTime at={job.savedAt} />,
        })}
      </p>
      {definition.notes && (
        <section className="mt-4">
          <SectionHead title={t('notes')} className="mb-1" />
          <Markdown text={definition.notes} />
        </section>
      )}
      <Sections definition={definition} description={job.schedule?.description} />
    </div>
  );
}

function Sections({
  definition,
  description,
}: {
  definition: Definition;
  description: ScheduleDescription | undefined;
}) {
  const t = useTranslations('editor');
  const job = useTranslations('job');
  const parts = definitionParts(definition).filter(
    ({ part, value }) => part !== 'notes' && !isLeftOut(part, value, definition),
  );
  return editorSections.map((section) => {
    const own = parts.filter(({ part }) => sectionOfPart(part) === section);
    if (own.length === 0) return null;
    return (
      <section key={section} className="mt-6 border-t border-line pt-4">
        <SectionHead title={t(`section.${section}`)} className="mb-2" />
        <dl className="text-table">
          {section === 'what' && (
            <Line name={job('fact.kind')}>{job(`value.kind.${definition.work.kind}`)}</Line>
          )}
          {own.map(({ part, value }) => (
            <Part
              key={part}
              part={part}
              value={value}
              definition={definition}
              description={description}
            />
          ))}
        </dl>
      </section>
    );
  });
}

function Part({
  part,
  value,
  definition,
  description,
}: {
  part: PartId;
  value: unknown;
  definition: Definition;
  description: ScheduleDescription | undefined;
}) {
  const partWords = usePartWords();
  const lines = partWords.value(part, value);
  const isNone = lines.length === 1 && lines[0] === partWords.none;
  return (
    <Line name={partWords.name(part)}>
      {part === 'schedule.lines' ? (
        <ScheduleLines schedule={definition.schedule} description={description} />
      ) : part === 'runbookUrl' && definition.runbookUrl ? (
        <Runbook url={definition.runbookUrl} />
      ) : isText(part) ? (
        <pre className="max-h-96 overflow-auto rounded-box bg-sunk px-3 py-2 font-mono text-log break-words whitespace-pre-wrap">
          {String(value)}
        </pre>
      ) : (
        <span
          // Times in words: the reader's browser may write them otherwise than the server.
          suppressHydrationWarning
          className={cn(
            'break-words whitespace-pre-wrap',
            isNone ? 'text-ink-3' : isCode(part) && 'font-mono text-meta leading-5',
          )}
        >
          {lines.join('\n')}
        </span>
      )}
    </Line>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-7 grid-cols-[9rem_minmax(0,1fr)] gap-4 py-1 phone:grid-cols-1 phone:gap-0">
      <dt className="text-ink-3 first-letter:uppercase">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

/** What doesn't hold for this job is not said: side by side under another rule, delays without retries. */
function isLeftOut(
  part: PartId,
  value: unknown,
  { overlap, catchUp, retry, schedule }: Definition,
): boolean {
  switch (part) {
    case 'maxParallel':
      return overlap !== 'allow';
    // Nothing is missed where the next tick counts from the end of the last run.
    case 'catchUp':
      return schedule.type === 'interval' && schedule.from === 'end';
    case 'catchUpMost':
    case 'catchUpPerMinute':
      return catchUp !== 'all';
    case 'retry.maxAttempts':
    case 'retry.delayMs':
      return retry.backoff === 'none';
    case 'retry.maxDelayMs':
      return retry.backoff !== 'exponential';
    case 'retry.withinMs':
      return retry.backoff === 'none' && retry.byCause.length === 0;
    // Saving fills it in; to a reader it says nothing.
    case 'schedule.jitterSeed':
      return true;
    case 'schedule.jitterMs':
      return value === 0;
    case 'work.body':
    case 'runbookUrl':
    case 'owner':
      return value === '';
    default:
      return false;
  }
}
