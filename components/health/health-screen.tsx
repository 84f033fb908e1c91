'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { GROUPS } from '#core/health/check.ts';
import type { HealthView } from '#core/health/read-health.ts';
import { CheckTable } from './check-table.tsx';
import { DutyTable } from './duty-table.tsx';
import { healthQuery } from './health-queries.ts';
import { LagTable } from './lag-table.tsx';
import { Needs } from './needs.tsx';
import { QueueDepthTable } from './queue-depth-table.tsx';
import { SizeTable } from './size-table.tsx';
import { WorkerHealthTable } from './worker-health-table.tsx';

/** Is Punctual itself well? */
export function HealthScreen() {
  const t = useTranslations('health');
  const { data } = useSuspenseQuery(healthQuery);
  const { checks, figures } = data;
  const needs = [
    ...checks.filter(({ level }) => level === 'bad'),
    ...checks.filter(({ level }) => level === 'warn'),
  ];
  return (
    <>
      <PageHead title={t('title')} sentence={<Sentence health={data} />} />
      {needs.length > 0 && <Needs checks={needs} />}
      {GROUPS.map((group) => (
        <CheckTable key={group} group={group} checks={checks} />
      ))}
      {figures && (
        <>
          <LagTable lag={figures.lag} />
          <WorkerHealthTable workers={figures.workers} />
          <DutyTable duties={figures.duties} />
          <QueueDepthTable queues={figures.queues} />
          <SizeTable tables={figures.tables} count={figures.tableCount} space={figures.space} />
        </>
      )}
    </>
  );
}

function Sentence({ health: { checks, figures } }: { health: HealthView }) {
  const t = useTranslations('health.sentence');
  const time = useTimeWords();
  const b = (chunks: ReactNode) => <b>{chunks}</b>;
  const count = (level: string) => checks.filter((check) => check.level === level).length;
  const [bad, warn] = [count('bad'), count('warn')];
  if (bad > 0) {
    return (
      <>
        <StateGlyph state="failed" />
        {t.rich('bad', { b, bad, warn })}
      </>
    );
  }
  if (warn > 0) {
    return (
      <>
        <StateGlyph state="overdue" />
        {t.rich('warn', { b, warn })}
      </>
    );
  }
  const own = figures?.lag.now.own;
  return (
    <>
      <StateGlyph state="well" />
      {own
        ? t.rich('well', { b, p50: time.duration(own.p50Ms), p99: time.duration(own.p99Ms) })
        : t.rich('quiet', { b })}
    </>
  );
}
