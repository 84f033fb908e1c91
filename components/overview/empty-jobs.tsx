'use client';

import { PackagePlus, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useQuery } from '@tanstack/react-query';
import { useSamples, type SampleActions } from '#components/installation/use-samples.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Link } from '#components/ui/link.tsx';
import { HowBarsRead } from './how-bars-read.tsx';

/** The first visit: what a job is, three to look at, and how their history will read. */
export function EmptyJobs({
  actions,
  rights,
}: {
  actions: SampleActions;
  rights: { create: boolean; addSamples: boolean };
}) {
  const t = useTranslations('overview.empty');
  const who = useTranslations('whoMay');
  const samples = useSamples(actions);
  const { data: shell } = useQuery(shellQuery);
  const workers = shell?.workers ?? 0;
  return (
    <>
      <PageHead
        title={t('title')}
        sentence={workers > 0 ? t('ready', { workers }) : t('noWorker')}
      />
      <EmptyState
        title={t('whatIsAJob')}
        actions={
          <>
            <Button
              variant="primary"
              icon={<PackagePlus aria-hidden />}
              pending={samples.pending === 'add'}
              disabled={!rights.addSamples}
              title={rights.addSamples ? undefined : who('job:write_host')}
              onClick={() => void samples.add()}
            >
              {t('addSamples')}
            </Button>
            {rights.create && (
              <Button asChild>
                <Link href="/jobs/new">
                  <Plus aria-hidden />
                  {t('newJob')}
                </Link>
              </Button>
            )}
          </>
        }
        aside={<HowBarsRead />}
      >
        <p>{t('text')}</p>
        <ul className="mt-4 border-t border-line text-table">
          {(['heartbeat', 'health', 'flaky'] as const).map((sample) => (
            <li
              key={sample}
              className="grid grid-cols-[14px_minmax(0,1fr)_auto] items-baseline gap-3 border-b border-line py-2"
            >
              <StateGlyph state="planned" className="self-center" />
              <span>
                <span className="font-mono text-ink">{t(`sample.${sample}.key`)}</span>
                <span className="block text-meta text-ink-3">{t(`sample.${sample}.what`)}</span>
              </span>
              <span className="text-ink-3">{t(`sample.${sample}.when`)}</span>
            </li>
          ))}
        </ul>
        {!rights.create && <p className="mt-4 text-table text-ink-3">{t('viewer')}</p>}
      </EmptyState>
    </>
  );
}
