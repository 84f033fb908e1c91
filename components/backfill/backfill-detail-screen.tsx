'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { BackfillDetail } from '#core/backfill/read-backfill.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { StateWord } from '#components/state/state-word.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { FactList, SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { RUN_STATES } from '#core/runs/states.ts';
import { BackfillActs } from './backfill-acts.tsx';
import { GLYPHS, StretchWords } from './backfill-list.tsx';
import { backfillQuery } from './backfill-queries.ts';
import { BackfillRuns } from './backfill-runs.tsx';
import type { BackfillActions } from './backfill-view.ts';
import { ProgressBar } from './progress-bar.tsx';

/** One backfill: how far it has come, what may be done with it, and its runs. */
export function BackfillDetailScreen({
  id,
  jobKey,
  mayChange,
  actions,
}: {
  id: number;
  jobKey: string;
  mayChange: boolean;
  actions: BackfillActions;
}) {
  const t = useTranslations('backfill');
  const { data: backfill } = useSuspenseQuery(backfillQuery(id));
  const base = `/jobs/${jobKey}`;
  const runsHref = `/runs?${new URLSearchParams({ job: jobKey, backfill: String(id) })}`;
  return (
    <>
      <PageHead
        crumbs={[
          { label: t('jobs'), href: '/jobs' },
          { label: jobKey, href: base, mono: true },
          { label: t('title'), href: `${base}/backfill` },
        ]}
        title={t('number', { id })}
        sentence={
          <>
            <StateGlyph state={GLYPHS[backfill.state]} />
            <Sentence backfill={backfill} />
          </>
        }
        actions={<BackfillActs backfill={backfill} mayChange={mayChange} actions={actions} />}
      />
      <div className="mt-5 min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,1fr)_19rem] min-[75rem]:gap-10">
        <div className="min-w-0">
          <ProgressBar backfill={backfill} className="h-2" />
          <Counts backfill={backfill} runsHref={runsHref} />
          <SectionHead
            title={t('itsRuns')}
            className="mt-6"
            end={<TextLink href={runsHref}>{t('allRuns')}</TextLink>}
          />
          <BackfillRuns id={id} jobKey={jobKey} isGoing={backfill.state === 'running'} />
        </div>
        <aside className="max-[75rem]:mt-7">
          <SectionHead title={t('facts')} />
          <FactList className="mt-1" facts={useFacts(backfill)} />
        </aside>
      </div>
    </>
  );
}

function Sentence({ backfill }: { backfill: BackfillDetail }) {
  const t = useTranslations('backfill.detailSentence');
  const words = useTimeWords();
  const { state, problem, leftMs, changedBy, createdBy, endedAt, stoppedByJob } = backfill;
  const by = changedBy ?? createdBy;
  const at = () => <AbsoluteTime at={endedAt ?? backfill.createdAt} />;
  const why = stoppedByJob ? 'job' : problem === null ? 'none' : 'problem';
  switch (state) {
    case 'running': {
      const left = leftMs === null ? 'none' : leftMs < 1_000 ? 'zero' : words.elapsed(leftMs);
      return backfill.hindrance === null || leftMs === 0
        ? t('running', { left })
        : t(`waits.${backfill.hindrance}`);
    }
    case 'paused':
      return t('paused', { why, by, problem: problem ?? '' });
    case 'done':
      return t.rich('done', { at });
    case 'cancelled':
      return t.rich('cancelled', { why, by, at, problem: problem ?? '' });
  }
}

function Counts({ backfill, runsHref }: { backfill: BackfillDetail; runsHref: string }) {
  const t = useTranslations('backfill');
  const { runs, ended, expected, leftOut } = backfill;
  const b = (chunks: ReactNode) => <b className="font-semibold text-ink">{chunks}</b>;
  return (
    <div className="mt-2.5 grid gap-1 text-table text-ink-2">
      <p role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1 tabular-nums">
        <span>{t.rich('countsOf', { ended, expected, b })}</span>
        {RUN_STATES.filter((state) => (runs[state] ?? 0) > 0).map((state) => (
          <TextLink
            key={state}
            href={`${runsHref}&state=${state}`}
            className="inline-flex items-center gap-1.5 text-ink-2"
          >
            <StateWord state={state} word={t(`ranOutcome.${state}`)} />
            {b(runs[state])}
          </TextLink>
        ))}
      </p>
      {leftOut !== null && leftOut > 0 && (
        <p className="text-pretty">{t('leftOut', { count: leftOut })}</p>
      )}
    </div>
  );
}

function useFacts(backfill: BackfillDetail) {
  const t = useTranslations('backfill');
  const given = Object.entries(backfill.parameters);
  return [
    { name: t('column.stretch'), value: <StretchWords backfill={backfill} /> },
    { name: t('fact.which'), value: t(`rule.${backfill.rule}`) },
    { name: t('fact.order'), value: t(backfill.newestFirst ? 'newest' : 'oldest') },
    {
      name: t('fact.rate'),
      value: t('rateOf', { perMinute: backfill.perMinute, atOnce: backfill.atOnce }),
    },
    {
      name: t('fact.priority'),
      value: t(backfill.givesWay ? 'priorityBelow' : 'priorityOwn'),
    },
    ...(given.length > 0
      ? [
          {
            name: t('fact.parameters'),
            value: (
              <span className="font-mono">
                {given.map(([name, value]) => `${name}=${String(value)}`).join(', ')}
              </span>
            ),
          },
        ]
      : []),
    ...(backfill.reason === '' ? [] : [{ name: t('fact.reason'), value: backfill.reason }]),
    { name: t('fact.by'), value: backfill.createdBy },
    { name: t('fact.began'), value: <AbsoluteTime at={backfill.createdAt} /> },
    ...(backfill.endedAt === null
      ? []
      : [{ name: t('fact.ended'), value: <AbsoluteTime at={backfill.endedAt} /> }]),
  ];
}
