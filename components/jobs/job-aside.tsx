'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { NextTicks } from '#core/jobs/next-ticks.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useClockText } from '#components/time/now-provider.tsx';
import { FactList, SectionHead } from '#components/ui/section-head.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { ScheduleLines } from './schedule-lines.tsx';
import { useJobFacts } from './use-job-facts.ts';
import { useZoneWords } from './zone-words.ts';
import { BlackoutMark, TickMark } from './tick-mark.tsx';

const MOST = 5;

/** What comes next, what the job is, and who knows it: beside the ledger. */
export function JobAside({ job, next }: { job: JobDetail; next: NextTicks }) {
  return (
    <aside className="mt-5 grid content-start gap-6 border-t border-line pt-4 min-[75rem]:mt-0 min-[75rem]:border-t-0 min-[75rem]:border-l min-[75rem]:pl-6 max-[75rem]:desk:grid-cols-3">
      {next.ticks.length > 0 && <NextList next={next} isPaused={job.paused !== null} />}
      <DefinitionFacts job={job} />
      <AboutFacts job={job} />
    </aside>
  );
}

function NextList({ next, isPaused }: { next: NextTicks; isPaused: boolean }) {
  const t = useTranslations('job');
  const zone = useZoneWords(next.timeZone ?? 'UTC');
  // Ticks that have passed leave by themselves; the list is asked for again when a run begins.
  const passed = useClockText(
    (nowMs) => next.ticks.filter(({ at }) => Date.parse(at) <= nowMs).length,
  );
  const nowMs = useClockText((ms) => ms - (ms % 60_000));
  const ticks = next.ticks.slice(passed, passed + MOST);
  return (
    <section>
      <SectionHead title={t('nextTitle')} note={next.timeZone} className="mb-1" />
      {isPaused && <p className="text-meta text-ink-3">{t('nextWhilePaused')}</p>}
      <ol className="text-table">
        {ticks.map(({ at, mark, blackout }) => {
          const atMs = Date.parse(at);
          return (
            <li key={at}>
              <span className="flex min-h-7 items-center justify-between gap-3">
                <span suppressHydrationWarning>
                  {zone.day(atMs, nowMs)},{' '}
                  <span className={blackout ? 'line-through' : mark ? 'font-medium' : undefined}>
                    {zone.time(atMs, atMs % 60_000 !== 0)}
                  </span>
                </span>
                <RelativeTime at={at} className="shrink-0 text-ink-3" />
              </span>
              {mark && (
                <span className="-mt-1 block pb-1 text-meta text-time-ink">
                  <TickMark mark={mark} />
                </span>
              )}
              {blackout && <BlackoutMark blackout={blackout} />}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function DefinitionFacts({ job }: { job: JobDetail }) {
  const t = useTranslations('job');
  const facts = useJobFacts();
  if (!job.definition) {
    return <p className="text-table text-ink-2">{t('definitionUnreadable')}</p>;
  }
  const { definition } = job;
  return (
    <section>
      <SectionHead title={t('definition')} className="mb-1" />
      <FactList
        facts={[
          {
            name: t('fact.schedule'),
            value: (
              <ScheduleLines
                schedule={definition.schedule}
                description={job.schedule?.description}
              />
            ),
          },
          { name: t('fact.runs'), value: <Code>{facts.work(definition)}</Code> },
          { name: t('fact.queue'), value: definition.queue },
          { name: t('fact.attempts'), value: facts.attempts(definition) },
          { name: t('fact.timeout'), value: facts.timeout(definition) },
          { name: t('fact.overlap'), value: facts.overlap(definition) },
          ...(definition.schedule.type === 'interval' && definition.schedule.from === 'end'
            ? []
            : [{ name: t('fact.missed'), value: facts.missed(definition) }]),
          { name: t('fact.twice'), value: facts.twice(definition) },
        ]}
      />
    </section>
  );
}

function AboutFacts({ job }: { job: JobDetail }) {
  const t = useTranslations('job');
  const { definition } = job;
  if (!definition) return null;
  const labels = Object.entries(definition.labels);
  const facts: { name: string; value: ReactNode }[] = [];
  if (definition.owner) facts.push({ name: t('fact.owner'), value: definition.owner });
  if (definition.runbookUrl) {
    facts.push({ name: t('fact.runbook'), value: <Runbook url={definition.runbookUrl} /> });
  }
  if (labels.length > 0) {
    facts.push({
      name: t('fact.labels'),
      value: (
        <span className="flex flex-wrap gap-1">
          {labels.map(([name, value]) => (
            <LabelChip key={name}>{value === '' ? name : `${name}: ${value}`}</LabelChip>
          ))}
        </span>
      ),
    });
  }
  if (facts.length === 0) return null;
  return (
    <section>
      <SectionHead title={t('about')} className="mb-1" />
      <FactList facts={facts} />
    </section>
  );
}

export function Runbook({ url }: { url: string }) {
  return (
    <a
      href={url}
      rel="noopener noreferrer"
      target="_blank"
      className="break-all text-accent underline-offset-[3px] hover:underline"
    >
      {url.replace(/^https?:\/\//, '')}
    </a>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="line-clamp-3 font-mono text-meta leading-5 break-all">{children}</code>;
}
