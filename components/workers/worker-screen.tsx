'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import type { WorkerSummary } from '#core/workers/workers.ts';
import type { WorkerActions } from './worker-actions.ts';
import { workerList } from './worker-queries.ts';
import { WorkerTable } from './worker-table.tsx';

/** Is anybody there to do the work? */
export function WorkerScreen({ mayDrain, actions }: { mayDrain: boolean; actions: WorkerActions }) {
  const t = useTranslations('workers');
  const { data: workers } = useSuspenseQuery(workerList);
  const alive = workers.filter((worker) => worker.endedAt === null);
  const ended = workers.filter((worker) => worker.endedAt !== null);
  return (
    <>
      <PageHead title={t('title')} sentence={<Sentence alive={alive} />} />
      {workers.length === 0 && <EmptyState title={t('emptyTitle')}>{t('empty')}</EmptyState>}
      {alive.length > 0 && (
        <WorkerTable workers={alive} mayDrain={mayDrain} actions={actions} className="mt-5" />
      )}
      {ended.length > 0 && (
        <section className="mt-8">
          <SectionHead title={t('earlier')} note={ended.length} />
          <WorkerTable workers={ended} mayDrain={false} actions={actions} className="mt-2" />
        </section>
      )}
    </>
  );
}

function Sentence({ alive }: { alive: readonly WorkerSummary[] }) {
  const t = useTranslations('workers.sentence');
  const b = (chunks: ReactNode) => <b>{chunks}</b>;
  const code = (chunks: ReactNode) => <code className="font-mono text-table">{chunks}</code>;
  if (alive.length === 0) {
    return (
      <>
        <StateGlyph state="failed" />
        {t.rich('none', { b, code })}
      </>
    );
  }
  return (
    <>
      <StateGlyph state="well" />
      {t.rich('well', {
        b,
        count: alive.length,
        used: alive.reduce((sum, worker) => sum + worker.slotsInUse, 0),
        slots: alive.reduce((sum, worker) => sum + worker.slots, 0),
      })}
    </>
  );
}
