'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { NeedsYou } from '#core/overview/overview.ts';
import { slotsTaken } from '#components/bars/bar-layout.ts';
import { OutcomeBars } from '#components/bars/outcome-bars.tsx';
import { shownStateOf } from '#components/jobs/job-state.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { ElapsedTime } from '#components/time/duration.tsx';
import { useClockText } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { useWhyWords } from '#components/why/use-why-words.ts';
import { whyAsked } from '#components/why/why-asked.ts';

/** The jobs that fail or don't start, each with why and the way to its run. */
export function NeedsYouSection({ jobs, total }: { jobs: readonly NeedsYou[]; total: number }) {
  const t = useTranslations('overview');
  const states = useTranslations('jobs.state');
  const format = useFormatter();
  return (
    <section aria-labelledby="needs">
      <SectionHead
        id="needs"
        title={t('needsYou')}
        note={total > 0 ? format.number(total) : undefined}
        end={
          total > jobs.length && (
            <TextLink href="/jobs?state=failing,overdue">
              {t('allNeeds', { count: format.number(total) })}
            </TextLink>
          )
        }
        className="pb-2"
      />
      {jobs.length === 0 ? (
        <p className="flex items-center gap-3 border-y border-line py-4 text-body text-ink-2">
          <StateGlyph state="well" />
          {t('nothingNeedsYou')}
        </p>
      ) : (
        <ul className="border-t border-line">
          {jobs.map((job) => (
            <li
              key={job.id}
              className="grid min-h-14 grid-cols-[14px_minmax(0,1fr)_auto_auto] items-center gap-x-3 border-b border-line py-2"
            >
              <StateGlyph
                state={shownStateOf(job)}
                label={states(job.state)}
                // Beside the first of two lines; on the phone even one breaks.
                className="has-[+div>p+p]:mt-[3px] has-[+div>p+p]:self-start phone:mt-[3px] phone:self-start"
              />
              <div className="min-w-0">
                <p className="flex flex-wrap items-baseline gap-x-3 text-table">
                  <Link
                    href={`/jobs/${job.key}`}
                    className="max-w-full min-w-0 font-mono hover:underline phone:text-body"
                  >
                    <MiddleEllipsis text={job.key} />
                  </Link>
                  <span className="text-ink-2">
                    <Since job={job} />
                  </span>
                </p>
                <Cause job={job} />
              </div>
              <div className="flex w-[94px] justify-end overflow-hidden phone:hidden">
                <OutcomeBars items={job.bars} slots={Math.max(1, slotsTaken(job.bars, 16))} />
              </div>
              <Way job={job} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Since({ job }: { job: NeedsYou }) {
  const t = useTranslations('overview.since');
  const { failing, lastRun, overdue } = job;
  if (job.state === 'overdue' && overdue) {
    return t.rich('overdue', {
      by: () => <ElapsedTime since={overdue.since} />,
      due: () => <AbsoluteTime at={overdue.since} />,
    });
  }
  if (failing && failing.runs > 1) {
    return t.rich('failing', {
      since: () => <AbsoluteTime at={failing.since} />,
      runs: failing.runs,
      isMore: String(failing.isMore),
    });
  }
  const state =
    lastRun?.state === 'timed_out' || lastRun?.state === 'lost' ? lastRun.state : 'failed';
  return t.rich(state, { at: () => <AbsoluteTime at={lastRun?.at ?? ''} /> });
}

/** Why: the line that the run left, or what an overdue one waits for. */
function Cause({ job }: { job: NeedsYou }) {
  const t = useTranslations('overview.waits');
  const { waitsFor, lastRun, overdue } = job;
  if (job.state !== 'overdue') {
    if (!lastRun?.cause) return null;
    return (
      <p className="truncate font-mono text-meta leading-5 text-ink-2 phone:line-clamp-2 phone:wrap-anywhere phone:whitespace-normal">
        {lastRun.cause}
      </p>
    );
  }
  if (overdue?.runId === null) return <Plain>{t('not_planned')}</Plain>;
  return waitsFor ? <Waits cause={waitsFor} /> : null;
}

function Waits({ cause }: { cause: NonNullable<NeedsYou['waitsFor']> }) {
  const words = useWhyWords();
  const sentence = useClockText((nowMs) => words.sentence(cause, nowMs));
  return (
    <Plain>
      <span suppressHydrationWarning>{sentence}</span>
    </Plain>
  );
}

function Plain({ children }: { children: React.ReactNode }) {
  return <p className="text-meta leading-5 text-pretty text-ink-2">{children}</p>;
}

function Way({ job: { key, state, lastRun } }: { job: NeedsYou }) {
  const t = useTranslations('overview');
  if (state === 'overdue') {
    return (
      <Button
        size="small"
        className="min-w-[84px]"
        aria-haspopup="dialog"
        onClick={() => whyAsked.ask({ key })}
      >
        <span>
          {t('why')}
          <span className="sr-only"> {key}</span>
        </span>
      </Button>
    );
  }
  const runId = lastRun?.id;
  return (
    <Button asChild size="small" className="min-w-[84px]">
      <Link href={runId ? `/runs/${runId}` : `/jobs/${key}`}>
        {t(runId ? 'openRun' : 'openJob')}
        <span className="sr-only"> {key}</span>
      </Link>
    </Button>
  );
}
